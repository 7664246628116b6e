import { html } from '../html.js';
import { money } from '../format.js';
import { t } from '../language.js';

/** Shows net, VAT and gross of a quote or order; without one, an estimate marked as such. */
export function totals(quoted, estimate) {
  if (!quoted) {
    return html`
      <dl class="totals" aria-busy="true">
        <div class="is-gross"><dt>${t('totals.about')}</dt><dd>${money(estimate)}</dd></div>
      </dl>
    `;
  }
  const { net, vat, gross } = quoted.totals;
  return html`
    <dl class="totals">
      <div><dt>${t('totals.net')}</dt><dd>${money(net)}</dd></div>
      <div><dt>${t('totals.vat')}</dt><dd>${money(vat)}</dd></div>
      <div class="is-gross"><dt>${t('totals.gross')}</dt><dd>${money(gross)}</dd></div>
    </dl>
  `;
}
