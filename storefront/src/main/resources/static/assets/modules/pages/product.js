import { html, nothing } from '../html.js';
import { Page } from '../element.js';
import { categories, product, products } from '../api/catalog.js';
import { cart } from '../state/cart.js';
import { session } from '../state/session.js';
import { language, localized, t } from '../language.js';
import { money, percent, perUnit } from '../format.js';
import { icons } from '../components/icons.js';
import { emptyState, link } from '../components/notice.js';
import { outage } from '../components/outage.js';
import { tile } from '../components/picture.js';
import { productCard } from '../components/product-card.js';
import { stepper } from '../components/stepper.js';
import { putIntoCart } from '../components/toast.js';
import '../components/stock-movements.js';

const RELATED = 5;
const FEW = 5;

/** One product: picture, description, price, quantity. */
class Product extends Page {
  #product = null;
  #category = null;
  #related = [];
  #problem = null;
  #quantity = 1;

  connected() {
    this.watch(cart, session);
    this.#load().catch((problem) => this.#failed(problem));
  }

  #failed(problem) {
    if (this.signal.aborted) return;
    this.#problem = problem;
    this.named(t('product.title'));
  }

  #load = async () => {
    this.#product = await product(this.route.params.sku, this.signal);
    this.#problem = null;
    this.named(localized(this.#product.name));
    this.#loadAround().catch(() => {}); // the rest of the page is optional
  };

  async #loadAround() {
    const { category, sku } = this.#product;
    const [all, { items }] = await Promise.all([
      categories(),
      products({ category, available: true, limit: RELATED + 1, lang: language.value }, this.signal),
    ]);
    this.#category = all.find(({ slug }) => slug === category);
    this.#related = items.filter((other) => other.sku !== sku).slice(0, RELATED);
    this.update();
  }

  #stock() {
    const { available, status, unit } = this.#product;
    if (status === 'ARCHIVED') return html`<p class="stock is-none">${t('product.archived')}</p>`;
    if (available === 0) return html`<p class="stock is-none">${t('product.sold-out-today')}</p>`;
    if (available <= FEW) return html`<p class="stock is-few">${t('product.few-left', { count: available })}</p>`;
    return html`<p class="stock is-good">${icons.check} ${t('product.in-stock')}</p>`;
  }

  #add = () => {
    putIntoCart(this.#product, this.#quantity);
    this.#quantity = 1;
    this.update();
  };

  #buy(name) {
    const { available, status, price } = this.#product;
    if (available === 0 || status === 'ARCHIVED') {
      return link(`/browse?category=${this.#product.category}`, t('product.look-around'), 'button is-quiet');
    }
    const total = money({ amount: (Math.round(Number(price.amount) * 100) * this.#quantity) / 100, currency: price.currency });
    return html`
      <div class="buy">
        ${stepper({
          value: this.#quantity,
          max: Math.min(999, available),
          label: t('product.quantity-of', { name }),
          onChange: (value) => {
            this.#quantity = value;
            this.update();
          },
        })}
        <button type="button" class="button is-large" @click=${this.#add}>${t('product.add')} · ${total}</button>
      </div>
    `;
  }

  template() {
    if (this.#problem?.status === 404 || this.#problem?.type === 'invalid-request') {
      return html`
        <div class="container">
          ${emptyState({ picture: 'leaves', title: t('product.unknown'), text: t('product.unknown-hint'), action: link('/browse', t('browse.show-all')) })}
        </div>
      `;
    }
    if (this.#problem) return html`<div class="container"><h1 class="visually-hidden">${t('product.title')}</h1>${outage(this.#problem, this.#load)}</div>`;
    if (!this.#product) {
      return html`
        <div class="container product-layout skeleton" aria-busy="true" aria-label=${t('loading')} role="status">
          <span class="tile is-large"></span>
          <div><span class="line is-title"></span><span class="line"></span><span class="line is-short"></span></div>
        </div>
      `;
    }
    const { name, description, picture, category, price, unit, vatRate } = this.#product;
    return html`
      <div class="container">
        <nav class="trail" aria-label=${t('product.trail')}>
          <a href="/browse">${t('browse.title')}</a>
          ${this.#category ? html`<span aria-hidden="true">/</span> <a href="/browse?category=${category}">${localized(this.#category.name)}</a>` : nothing}
        </nav>
        <article class="product-layout">
          ${tile(picture, category, { eager: true, className: 'is-large' })}
          <div class="product-text">
            <h1>${localized(name)}</h1>
            <p class="price is-large"><strong>${money(price)}</strong> <span class="soft">${perUnit(unit)}</span></p>
            <p class="lead">${localized(description)}</p>
            ${this.#stock()} ${this.#buy(localized(name))}
            <p class="soft small">${t('product.vat', { rate: percent(vatRate) })}</p>
            ${session.isStaff ? html`<feira-stock-movements .sku=${this.#product.sku} .changed=${this.#load}></feira-stock-movements>` : nothing}
          </div>
        </article>
        ${this.#related.length
          ? html`
              <section aria-labelledby="related">
                <h2 id="related">${t('product.related')}</h2>
                <div class="product-grid is-row">${this.#related.map(productCard)}</div>
              </section>
            `
          : nothing}
      </div>
    `;
  }
}

customElements.define('feira-product', Product);
export default Product;
