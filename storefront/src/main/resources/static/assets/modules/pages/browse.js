import { html, nothing, repeat } from '../html.js';
import { Page } from '../element.js';
import { categories, products } from '../api/catalog.js';
import { announce } from '../announcer.js';
import { cart } from '../state/cart.js';
import { language, localized, t } from '../language.js';
import { roundMoney } from '../format.js';
import { go } from '../router.js';
import { choice } from '../components/field.js';
import { emptyState } from '../components/notice.js';
import { outage } from '../components/outage.js';
import { productCard, productCardSkeletons } from '../components/product-card.js';

const PAGE_SIZE = 24;
const SORTS = ['relevance', 'popular', 'name', 'price', '-price', 'newest'];
const PRICES = [
  [null, 2],
  [2, 5],
  [5, 15],
  [15, null],
];

/** The last list, so that Back from a product shows it with all loaded pages. */
let lastList = null;

/** All products, filtered by search, category, price and stock, page by page. */
class Browse extends Page {
  #categories = [];
  #list = null;
  #problem = null;
  #loading = false;
  #loadingMore = false;
  #request = new AbortController();

  connected() {
    this.watch(cart);
    categories().then(
      (found) => {
        this.#categories = found;
        this.#retitle();
      },
      () => {} // the list shows the problem; it works without category names
    );
    this.#start();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#request.abort();
  }

  routeChanged() {
    this.#start();
  }

  get #filter() {
    const { query } = this.route;
    const text = query.get('q')?.trim() ?? '';
    const sort = query.get('sort');
    return {
      q: text,
      category: query.get('category') ?? '',
      minPrice: query.get('minPrice') ?? '',
      maxPrice: query.get('maxPrice') ?? '',
      available: query.get('available') ?? '',
      sort: SORTS.includes(sort) ? sort : text ? 'relevance' : 'name',
      lang: language.value,
    };
  }

  get #title() {
    const { q, category } = this.#filter;
    if (q) return t('browse.results-for', { q });
    const found = this.#categories.find(({ slug }) => slug === category);
    return found ? localized(found.name) : t('browse.title');
  }

  #retitle() {
    this.named(this.#title);
  }

  #start() {
    this.#request.abort(); // only the latest request counts
    this.#request = new AbortController();
    this.#problem = null;
    const key = JSON.stringify(this.#filter);
    if (lastList?.key === key) {
      this.#list = lastList;
      this.#loading = false;
      this.#retitle();
      return;
    }
    this.#loading = true;
    this.#retitle();
    this.#load(this.#request.signal).catch((problem) => this.#failed(problem));
  }

  #failed(problem) {
    if (problem.name === 'AbortError') return;
    this.#problem = problem;
    this.#loading = false;
    this.#loadingMore = false;
    this.update();
  }

  #load = async (signal = this.#request.signal) => {
    const filter = this.#filter;
    const { items, nextCursor } = await products({ ...filter, limit: PAGE_SIZE }, signal);
    this.#list = lastList = { key: JSON.stringify(filter), items, nextCursor };
    this.#loading = false;
    this.#problem = null;
    this.update();
    announce(this.#counted());
  };

  #counted() {
    const count = this.#list.items.length;
    return this.#list.nextCursor ? t('browse.at-least', { count }) : t('browse.count', { count });
  }

  #more = async () => {
    if (this.#loadingMore) return;
    this.#loadingMore = true;
    this.update();
    const before = this.#list;
    try {
      const { items, nextCursor } = await products(
        { ...this.#filter, limit: PAGE_SIZE, cursor: before.nextCursor },
        this.#request.signal
      );
      this.#loadingMore = false;
      this.#list = lastList = { key: before.key, items: [...before.items, ...items], nextCursor };
      this.updateNow();
      announce(this.#counted());
      this.querySelectorAll('.product-card-link')[before.items.length]?.focus({ preventScroll: true });
    } catch (problem) {
      if (problem.type === 'invalid-cursor') {
        // The cursor is of another version of the catalog: start from the first page.
        this.#loadingMore = false;
        lastList = null;
        this.#start();
      } else this.#failed(problem);
    }
  };

  /** Returns the URL of this list with changed filters. */
  #address(changes) {
    const query = new URLSearchParams(this.route.query);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === '') query.delete(name);
      else query.set(name, value);
    }
    const rest = query.toString();
    return `/browse${rest ? `?${rest}` : ''}`;
  }

  #change(changes) {
    go(this.#address(changes), { replace: true, quietly: true });
  }

  #priceLabel([low, high]) {
    if (low === null) return t('browse.price-below', { high: roundMoney(high) });
    if (high === null) return t('browse.price-above', { low: roundMoney(low) });
    return t('browse.price-between', { low: roundMoney(low), high: roundMoney(high) });
  }

  #facets() {
    const filter = this.#filter;
    const chip = (text, chosen, changes) => html`
      <li><button type="button" class="chip" aria-pressed=${chosen} @click=${() => this.#change(changes)}>${text}</button></li>
    `;
    return html`
      <section class="facets" aria-label=${t('browse.facets')}>
        <h2 class="facet-title" id="facet-category">${t('browse.category')}</h2>
        <ul class="chips is-scrolling" aria-labelledby="facet-category">
          ${chip(t('browse.all'), !filter.category, { category: null })}
          ${this.#categories.map(({ slug, name }) =>
            chip(localized(name), filter.category === slug, { category: filter.category === slug ? null : slug })
          )}
        </ul>
        <h2 class="facet-title" id="facet-price">${t('browse.price')}</h2>
        <ul class="chips is-scrolling" aria-labelledby="facet-price">
          ${PRICES.map(([low, high]) => {
            const chosen = filter.minPrice === String(low ?? '') && filter.maxPrice === String(high ?? '');
            return chip(this.#priceLabel([low, high]), chosen, chosen ? { minPrice: null, maxPrice: null } : { minPrice: low, maxPrice: high });
          })}
          ${chip(t('browse.available'), filter.available === 'true', { available: filter.available === 'true' ? null : 'true' })}
        </ul>
      </section>
    `;
  }

  #results() {
    if (this.#problem) return outage(this.#problem, this.#load);
    if (this.#loading) return html`<div class="product-grid">${productCardSkeletons(12)}</div>`;
    if (this.#list.items.length === 0) {
      const { q } = this.#filter;
      return emptyState({
        picture: 'basket',
        title: q ? t('browse.nothing-for', { q }) : t('browse.nothing'),
        text: t('browse.nothing-hint'),
        action: html`<a class="button" href="/browse">${t('browse.show-all')}</a>`,
        heading: false,
      });
    }
    return html`
      <div class="product-grid">${repeat(this.#list.items, ({ sku }) => sku, productCard)}</div>
      ${this.#list.nextCursor
        ? html`
            <p class="more">
              <button type="button" class="button is-quiet" ?disabled=${this.#loadingMore} @click=${this.#more}>
                ${t(this.#loadingMore ? 'browse.loading' : 'browse.more')}
              </button>
            </p>
          `
        : nothing}
    `;
  }

  template() {
    const { sort, q } = this.#filter;
    return html`
      <div class="container">
        <div class="section-head">
          <h1>${this.#title}</h1>
          <p class="soft">${this.#list && !this.#loading && !this.#problem ? this.#counted() : '\u00a0'}</p>
        </div>
        ${this.#facets()}
        <div class="sort-row" @change=${(event) => this.#change({ sort: event.target.value })}>
          ${choice({
            form: 'browse',
            name: 'sort',
            value: sort,
            label: t('browse.sort'),
            className: 'is-inline',
            options: SORTS.filter((name) => name !== 'relevance' || q).map((name) => ({ value: name, label: t(`browse.sort.${name}`) })),
          })}
        </div>
        <section id="results" tabindex="-1" aria-label=${t('browse.results')} aria-busy=${this.#loading}>${this.#results()}</section>
      </div>
    `;
  }
}

customElements.define('feira-browse', Browse);
export default Browse;
