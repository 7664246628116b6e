import { html, nothing } from '../html.js';
import { FeiraElement } from '../element.js';
import { orders } from '../api/orders.js';
import { t } from '../language.js';
import { orderList } from './order-list.js';
import { outage } from './outage.js';

const PAGE_SIZE = 20;

/** Lists the orders of `query`, page by page; shows `empty` if there are none. */
class PagedOrders extends FeiraElement {
  query = {};
  withCustomer = false;
  empty = nothing;
  #items = null;
  #nextCursor = null;
  #problem = null;
  #loading = false;

  connected() {
    this.ask();
  }

  /** Loads the first page again after `query` has changed. */
  ask() {
    this.#items = null;
    this.#nextCursor = null;
    this.#problem = null;
    this.#load().catch((problem) => this.#failed(problem));
  }

  #failed(problem) {
    if (this.signal.aborted) return;
    this.#problem = problem;
    this.#loading = false;
    this.update();
  }

  #load = async () => {
    this.#loading = true;
    this.update();
    const { items, nextCursor } = await orders({ ...this.query, limit: PAGE_SIZE, cursor: this.#nextCursor }, this.signal);
    this.#items = [...(this.#items ?? []), ...items];
    this.#nextCursor = nextCursor;
    this.#problem = null;
    this.#loading = false;
    this.update();
  };

  #more = () => this.#load().catch((problem) => this.#failed(problem));

  template() {
    if (this.#problem) return outage(this.#problem, this.#load);
    if (!this.#items) {
      return html`<div class="skeleton" role="status" aria-label=${t('loading')}>${Array.from({ length: 4 }, () => html`<span class="line is-block"></span>`)}</div>`;
    }
    if (this.#items.length === 0) return this.empty;
    return html`
      ${orderList(this.#items, { withCustomer: this.withCustomer })}
      ${this.#nextCursor
        ? html`<p class="more"><button type="button" class="button is-quiet" ?disabled=${this.#loading} @click=${this.#more}>${t(this.#loading ? 'browse.loading' : 'browse.more')}</button></p>`
        : nothing}
    `;
  }
}

customElements.define('feira-paged-orders', PagedOrders);
