import { html, nothing } from '../html.js';
import { icons } from './icons.js';
import { tile } from './picture.js';
import { localized, t } from '../language.js';
import { money, perUnit } from '../format.js';
import { cart } from '../state/cart.js';
import { putIntoCart } from './toast.js';

const FEW = 5;

/** Shows a product in a list: picture, name, price, and a button that adds one to the cart. */
export function productCard(product) {
  const name = localized(product.name);
  const soldOut = product.available === 0 || product.status === 'ARCHIVED';
  const inCart = cart.quantityOf(product.sku);
  return html`
    <article class="product-card ${soldOut ? 'is-sold-out' : ''}" data-sku=${product.sku}>
      <a class="product-card-link" href="/products/${product.sku}">
        ${tile(product.picture, product.category)}
        <h3 class="product-card-name">${name}</h3>
      </a>
      <p class="price">
        <strong>${money(product.price)}</strong> <span class="soft">${perUnit(product.unit)}</span>
      </p>
      ${soldOut
        ? html`<p class="badge">${t('product.sold-out')}</p>`
        : html`
            ${product.available <= FEW ? html`<p class="badge is-warm">${t('product.few-left', { count: product.available })}</p>` : nothing}
            <button
              type="button"
              class="add-button ${inCart ? 'is-in-cart' : ''}"
              aria-label=${inCart ? t('product.add-another', { name, count: inCart }) : t('product.add-one', { name })}
              @click=${() => putIntoCart(product)}
            >
              ${inCart ? html`<span aria-hidden="true">${inCart}</span>` : icons.plus}
            </button>
          `}
    </article>
  `;
}

/** Shows a placeholder of a product card while products load. */
export const productCardSkeletons = (count) =>
  Array.from({ length: count }, () => html`<div class="product-card skeleton" aria-hidden="true"><span class="tile"></span><span class="line"></span><span class="line is-short"></span></div>`);
