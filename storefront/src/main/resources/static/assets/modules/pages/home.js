import { html, nothing } from '../html.js';
import { Page } from '../element.js';
import { categories, products } from '../api/catalog.js';
import { cart } from '../state/cart.js';
import { language, localized, t } from '../language.js';
import { drawing, tile } from '../components/picture.js';
import { icons } from '../components/icons.js';
import { outage } from '../components/outage.js';
import { productCard, productCardSkeletons } from '../components/product-card.js';

const NEWEST = 8;
const POPULAR = 4;
const STALL = ['bread', 'tomato', 'cheese', 'fish', 'orange', 'bouquet', 'grapes'];

/** Start page: introduction, categories as pictures, new products, what others buy. */
class Home extends Page {
  #categories = null;
  #newest = null;
  #popular = [];
  #problem = null;

  connected() {
    this.watch(cart);
    this.named('');
    this.#load().catch((problem) => {
      if (this.signal.aborted) return;
      this.#problem = problem;
      this.update();
    });
  }

  #load = async () => {
    const [found, newest, popular] = await Promise.all([
      categories(),
      products({ sort: 'newest', available: true, limit: NEWEST, lang: language.value }, this.signal),
      // a replica of the version before rejects this order during a rollout: then there is no shelf
      products({ sort: 'popular', sold: true, available: true, limit: POPULAR, lang: language.value }, this.signal).catch(() => ({ items: [] })),
    ]);
    this.#categories = found;
    this.#newest = newest.items;
    this.#popular = popular.items;
    this.#problem = null;
    this.update();
  };

  get #total() {
    return this.#categories.reduce((total, { productCount }) => total + productCount, 0);
  }

  template() {
    return html`
      <section class="hero">
        <div class="container hero-row">
          <div class="hero-text">
            <h1>${t('home.title')}</h1>
            <p class="lead">${t('home.lead')}</p>
            <p class="actions">
              <a class="button" href="/browse">${t('home.browse')} ${icons.onward}</a>
            </p>
          </div>
          <div class="stall" aria-hidden="true">${STALL.map((name) => drawing(name, `of-${name}`))}</div>
        </div>
      </section>
      <div class="container">
        ${this.#problem
          ? outage(this.#problem, this.#load)
          : html`
              <section aria-labelledby="stalls">
                <h2 id="stalls">${t('home.stalls')}</h2>
                <ul class="category-grid" aria-busy=${this.#categories === null}>
                  ${this.#categories === null
                    ? Array.from({ length: 12 }, () => html`<li class="category skeleton" aria-hidden="true"><span class="tile"></span><span class="line"></span></li>`)
                    : this.#categories.map(
                        (category) => html`
                          <li class="category">
                            <a href="/browse?category=${category.slug}">
                              ${tile(category.picture, category.slug)}
                              <span class="category-name">${localized(category.name)}</span>
                              <span class="soft small">${t('home.products', { count: category.productCount })}</span>
                            </a>
                          </li>
                        `
                      )}
                  ${this.#categories === null
                    ? nothing
                    : html`
                        <li class="category">
                          <a href="/browse">
                            <span class="tile" data-category="none">${drawing('cart')}</span>
                            <span class="category-name">${t('browse.title')}</span>
                            <span class="soft small">${t('home.products', { count: this.#total })}</span>
                          </a>
                        </li>
                      `}
                </ul>
              </section>
              <section aria-labelledby="newest">
                <div class="section-head">
                  <h2 id="newest">${t('home.newest')}</h2>
                  <a href="/browse?sort=newest">${t('home.see-all')}</a>
                </div>
                <div class="product-grid" aria-busy=${this.#newest === null}>
                  ${this.#newest === null ? productCardSkeletons(NEWEST) : this.#newest.map(productCard)}
                </div>
              </section>
              ${this.#popular.length < POPULAR
                ? nothing
                : html`
                    <section aria-labelledby="popular">
                      <div class="section-head">
                        <h2 id="popular">${t('home.popular')}</h2>
                        <a href="/browse?sort=popular">${t('home.see-all')}</a>
                      </div>
                      <div class="product-grid">${this.#popular.map(productCard)}</div>
                    </section>
                  `}
              <section class="promises" aria-label=${t('home.promises')}>
                ${['stock', 'price', 'card'].map(
                  (name) => html`
                    <div>
                      ${drawing(`promise-${name}`)}
                      <h3>${t(`home.promise.${name}.title`)}</h3>
                      <p class="soft">${t(`home.promise.${name}.text`)}</p>
                    </div>
                  `
                )}
              </section>
            `}
      </div>
    `;
  }
}

customElements.define('feira-home', Home);
export default Home;
