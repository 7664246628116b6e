import { html, nothing } from '../html.js';
import { FeiraElement } from '../element.js';
import { randomIdentifier } from '../identifier.js';
import { recordStockMovement, setReorderLevel, stockMovements } from '../api/catalog.js';
import { announce } from '../announcer.js';
import { dateTime, number } from '../format.js';
import { t } from '../language.js';
import { fieldSentences, sentence } from '../problems.js';
import { choice, field, flawsOf, focusFirstFlaw, valuesOf } from './field.js';
import { notice } from './notice.js';

const KINDS = ['RECEIVED', 'CORRECTED', 'WASTE'];

/** Shows the stock, records movements, lists the latest ones and sets the reorder level; for staff, on a product's page. */
class StockMovements extends FeiraElement {
  sku = '';
  changed = async () => {};
  #movements = [];
  #stock = null;
  #errors = {};
  #message = null;
  #saving = false;
  #attempt = null;
  #levelErrors = {};
  #levelMessage = null;
  #settingLevel = false;

  connected() {
    this.#load();
  }

  async #load() {
    try {
      const { items, stock } = await stockMovements(this.sku, this.signal);
      this.#movements = items;
      this.#stock = stock;
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

  #setLevel = async (event) => {
    event.preventDefault();
    const form = event.target;
    this.#levelErrors = flawsOf(form);
    this.#levelMessage = null;
    if (Object.keys(this.#levelErrors).length === 0) {
      this.#settingLevel = true;
      this.update();
      try {
        this.#stock = await setReorderLevel(this.sku, Number(valuesOf(form).reorderLevel));
        this.#levelMessage = notice('good', t('stock.level-set'));
        announce(t('stock.level-set'));
      } catch (problem) {
        this.#levelErrors = fieldSentences(problem);
        this.#levelMessage = notice('bad', sentence(problem), { role: 'alert' });
      }
      this.#settingLevel = false;
    }
    this.updateNow();
    focusFirstFlaw(form);
  };

  /** Keeps its line before the stock is loaded, so that nothing moves. */
  #level() {
    if (!this.#stock) return html`<p class="stock">\u00a0</p>`;
    const { available, low, reorderLevel } = this.#stock;
    return low
      ? html`<p class="stock is-few">${t('stock.low', { count: number(available), level: number(reorderLevel) })}</p>`
      : html`<p class="stock">${t('stock.available', { count: number(available) })}</p>`;
  }

  template() {
    return html`
      <section class="panel" aria-labelledby="stock-title">
        <h2 id="stock-title">${t('stock.title')}</h2>
        ${this.#level()}
        <form novalidate @submit=${this.#submit}>
          <div class="field-row">
            ${choice({ form: 'stock', name: 'kind', value: KINDS[0], label: t('stock.kind'), options: KINDS.map((kind) => ({ value: kind, label: t(`stock.kind.${kind}`) })) })}
            ${field({ form: 'stock', name: 'quantity', type: 'number', label: t('stock.quantity'), errors: this.#errors, hint: t('stock.quantity-hint') })}
          </div>
          ${field({ form: 'stock', name: 'reason', label: t('stock.reason'), errors: this.#errors, maxlength: 200 })}
          ${this.#message ?? nothing}
          <button class="button is-quiet" ?disabled=${this.#saving}>${t('stock.record')}</button>
        </form>
        <form novalidate @submit=${this.#setLevel}>
          ${field({ form: 'stock', name: 'reorderLevel', type: 'number', min: 0, value: String(this.#stock?.reorderLevel ?? ''), label: t('stock.reorder-level'), errors: this.#levelErrors, hint: t('stock.reorder-level-hint') })}
          ${this.#levelMessage ?? nothing}
          <button class="button is-quiet" ?disabled=${this.#settingLevel}>${t('stock.set-level')}</button>
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
