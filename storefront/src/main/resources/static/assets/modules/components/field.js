import { html, nothing } from '../html.js';
import { has, t } from '../language.js';
import { country } from '../format.js';

/**
 * Renders a field with label, hint and error, linked for screen readers. `errors` is `{name: sentence}`.
 * Values stay in the form, not in the page's state, so that rendering does not interrupt typing.
 */
export function field({ form, name, type = 'text', value = '', errors = {}, hint, required = true, label, ...rest }) {
  const id = `${form}-${name}`;
  const error = errors[name];
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return html`
    <div class="field ${rest.className ?? ''}">
      <label for=${id}>
        ${label ?? t(`field.${name}`)}${required ? nothing : html` <span class="soft">${t('field.optional')}</span>`}
      </label>
      <input
        id=${id}
        name=${name}
        type=${type}
        .defaultValue=${value}
        ?required=${required}
        autocomplete=${rest.autocomplete ?? 'off'}
        inputmode=${rest.inputmode ?? nothing}
        minlength=${rest.minlength ?? nothing}
        maxlength=${rest.maxlength ?? nothing}
        min=${rest.min ?? nothing}
        pattern=${rest.pattern ?? nothing}
        placeholder=${rest.placeholder ?? nothing}
        aria-invalid=${error ? 'true' : nothing}
        aria-describedby=${described || nothing}
        @input=${rest.onInput ?? nothing}
      />
      ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
      ${error ? html`<p class="field-error" id="${id}-error">${error}</p>` : nothing}
    </div>
  `;
}

/** Renders a select field of `[{value, label}]`. */
export function choice({ form, name, value, options, label, autocomplete = 'off', className = '' }) {
  const id = `${form}-${name}`;
  return html`
    <div class="field ${className}">
      <label for=${id}>${label ?? t(`field.${name}`)}</label>
      <select id=${id} name=${name} autocomplete=${autocomplete}>
        ${options.map((option) => html`<option value=${option.value} ?selected=${option.value === value}>${option.label}</option>`)}
      </select>
    </div>
  `;
}

const COUNTRIES = ['PT', 'ES', 'FR', 'AT', 'BE', 'DE', 'DK', 'FI', 'GR', 'IE', 'IT', 'LU', 'NL', 'PL', 'SE'];

/** Returns the offered countries, with the one that an address has. */
const countries = (code) => (!code || COUNTRIES.includes(code) ? COUNTRIES : [...COUNTRIES, code]);

/** Renders the fields of an address; with a label for the address book. */
export const addressFields = ({ form, address = {}, errors = {}, withLabel = false }) => html`
  ${withLabel
    ? field({ form, name: 'label', value: address.label ?? '', errors, maxlength: 40, hint: t('field.label.hint') })
    : nothing}
  ${field({ form, name: 'name', label: t('field.recipient'), value: address.name ?? '', errors, autocomplete: 'name', maxlength: 100 })}
  ${field({ form, name: 'street', value: address.street ?? '', errors, autocomplete: 'street-address', maxlength: 200 })}
  <div class="field-row">
    ${field({ form, name: 'postalCode', value: address.postalCode ?? '', errors, autocomplete: 'postal-code', maxlength: 12, className: 'is-narrow' })}
    ${field({ form, name: 'city', value: address.city ?? '', errors, autocomplete: 'address-level2', maxlength: 100 })}
  </div>
  ${choice({
    form,
    name: 'country',
    value: address.country ?? 'PT',
    autocomplete: 'country',
    options: countries(address.country).map((code) => ({ value: code, label: country(code) })),
  })}
`;

/** Returns the form's values by field name, trimmed. Check boxes give true or false. */
export function valuesOf(form) {
  const values = {};
  for (const { name, type, value, checked } of form.elements) {
    if (!name || (type === 'radio' && !checked)) continue;
    values[name] = type === 'checkbox' ? checked : type === 'password' ? value : value.trim();
  }
  return values;
}

/** Returns the messages of all fields that the browser finds invalid. */
export function flawsOf(form) {
  const flaws = {};
  for (const input of form.elements) {
    if (!input.name || !input.willValidate) continue;
    if (input.required && input.type !== 'checkbox' && !input.value.trim()) flaws[input.name] = t('field.missing');
    else if (!input.validity.valid) {
      const own = `field.${input.name}.wrong`;
      flaws[input.name] = t(has(own) ? own : 'field.wrong');
    }
  }
  return flaws;
}

/** Moves the focus to the first invalid field; call after rendering the errors. */
export function focusFirstFlaw(form) {
  form.querySelector('[aria-invalid="true"]')?.focus();
}
