import { html, live } from '../html.js';
import { t } from '../language.js';
import { icons } from './icons.js';
import { MOST_OF_ONE } from '../state/cart.js';

/** Edits a quantity: a number with a button on each side. */
export function stepper({ value, label, onChange, max = MOST_OF_ONE, small = false }) {
  const typed = (event) => {
    const wanted = Math.trunc(Number(event.target.value));
    onChange(Number.isFinite(wanted) ? Math.min(max, Math.max(1, wanted)) : value);
    event.target.value = value;
  };
  return html`
    <span class="stepper ${small ? 'is-small' : ''}" role="group" aria-label=${label}>
      <button type="button" ?disabled=${value <= 1} aria-label=${t('less')} @click=${() => onChange(value - 1)}>
        ${icons.minus}
      </button>
      <input type="number" inputmode="numeric" min="1" max=${max} aria-label=${label} .value=${live(String(value))} @change=${typed} />
      <button type="button" ?disabled=${value >= max} aria-label=${t('more-of-it')} @click=${() => onChange(value + 1)}>
        ${icons.plus}
      </button>
    </span>
  `;
}
