import { html, nothing } from '../html.js';
import { FeiraElement } from '../element.js';
import { randomIdentifier } from '../identifier.js';
import { recordStockMovement, stockMovements } from '../api/catalog.js';
import { announce } from '../announcer.js';
import { dateTime, number } from '../format.js';
import { t } from '../language.js';
import { fieldSentences, sentence } from '../problems.js';
import { choice, field, flawsOf, focusFirstFlaw, valuesOf } from './field.js';
import { notice } from './notice.js';

const KINDS = ['RECEIVED', 'CORRECTED', 'WASTE'];

/** Records stock movements and lists the latest ones; for staff, on a product's page. */
class StockMovements extends FeiraElement {
  sku = '';
  changed = async () => {};
  #movements = [];
  #errors = {};
  #message = null;
  #saving = false;
  #attempt = null;

  connected() {
    this.#load();
  }

  async #load() {
    try {
      this.#movements = (await stockMovements(this.sku, this.signal)).items;
    } catch (problem) {
      if (this.signal.aborted) return;
      this.#message = notice('bad', sentence(problem));
    }
    this.update();
  }

  #submit = async (event) => {
    event.preventDefault();
    const form = event.target;
    this.#errors = flawsOf(form);
    this.#message = null;
    if (Object.keys(this.#errors).length === 0) {
      this.#saving = true;
      this.update();
      const { kind, quantity, reason } = valuesOf(form);
      try {
        const movement = { kind, quantity: Number(quantity), reason };
        const text = JSON.stringify(movement);
        // a retry after an outage is the same movement, unless its values changed
        if (this.#attempt?.text !== text) this.#attempt = { text, key: randomIdentifier() };
        await recordStockMovement(this.sku, movement, this.#attempt.key);
        this.#attempt = null;
        form.reset();
        this.#message = notice('good', t('stock.recorded'));
        announce(t('stock.recorded'));
        await Promise.all([this.#load(), this.changed()]);
      } catch (problem) {
        this.#errors = fieldSentences(problem);
        this.#message = notice('bad', sentence(problem), { role: 'alert' });
      }
      this.#saving = false;
    }
    this.updateNow();
    focusFirstFlaw(form);
  };

  template() {
    return html`
      <section class="panel" aria-labelledby="stock-title">
        <h2 id="stock-title">${t('stock.title')}</h2>
        <form novalidate @submit=${this.#submit}>
          <div class="field-row">
            ${choice({ form: 'stock', name: 'kind', value: KINDS[0], label: t('stock.kind'), options: KINDS.map((kind) => ({ value: kind, label: t(`stock.kind.${kind}`) })) })}
            ${field({ form: 'stock', name: 'quantity', type: 'number', label: t('stock.quantity'), errors: this.#errors, hint: t('stock.quantity-hint') })}
          </div>
          ${field({ form: 'stock', name: 'reason', label: t('stock.reason'), errors: this.#errors, maxlength: 200 })}
          ${this.#message ?? nothing}
          <button class="button is-quiet" ?disabled=${this.#saving}>${t('stock.record')}</button>
        </form>
        ${this.#movements.length
          ? html`
              <div class="table-frame" tabindex="0" role="region" aria-label=${t('stock.latest')}>
                <table>
                  <thead>
                    <tr><th scope="col">${t('stock.when')}</th><th scope="col">${t('stock.kind')}</th><th scope="col" class="is-number">${t('stock.quantity')}</th><th scope="col">${t('stock.reason')}</th></tr>
                  </thead>
                  <tbody>
                    ${this.#movements.slice(0, 8).map(
                      (movement) => html`
                        <tr>
                          <td>${dateTime(movement.recordedAt ?? movement.at)}</td>
                          <td>${t(`stock.kind.${movement.kind}`)}</td>
                          <td class="is-number">${number(movement.quantity)}</td>
                          <td>${movement.reason}</td>
                        </tr>
                      `
                    )}
                  </tbody>
                </table>
              </div>
            `
          : nothing}
      </section>
    `;
  }
}

customElements.define('feira-stock-movements', StockMovements);
