import { html, nothing } from '../html.js';
import { FeiraElement } from '../element.js';
import { localized, t } from '../language.js';
import { quantity as inWords } from '../format.js';
import { announce } from '../announcer.js';
import { cart } from '../state/cart.js';
import { icons } from './icons.js';

const SHOWN_FOR = 6000; // ms

/** Shows a short message at the edge of the screen, with a link to the cart if it concerns the cart. */
class Toast extends FeiraElement {
  #message = null;
  #timer;

  connected() {
    addEventListener('feira-toast', (event) => this.#show(event.detail), { signal: this.signal });
    addEventListener('feira-navigated', () => this.#hide(), { signal: this.signal });
  }

  #show(message) {
    this.#message = message;
    this.update();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#hide(), SHOWN_FOR);
  }

  #hide() {
    this.#message = null;
    this.update();
  }

  template() {
    if (!this.#message) return nothing;
    const { text, picture, toCart } = this.#message;
    return html`
      <div class="toast" role="region" aria-label=${t('message')}>
        ${picture ? html`<img src=${picture} alt="" width="40" height="40" />` : nothing}
        <p>${text}</p>
        ${toCart ? html`<a class="button is-small" href="/cart">${t('cart.view')}</a>` : nothing}
        <button type="button" class="icon-button" aria-label=${t('close')} @click=${() => this.#hide()}>${icons.cross}</button>
      </div>
    `;
  }
}

customElements.define('feira-toast', Toast);

export function toast(message) {
  announce(message.text);
  dispatchEvent(new CustomEvent('feira-toast', { detail: message }));
}

/** Adds a product to the cart and shows a message. */
export function putIntoCart(product, quantity = 1) {
  const total = cart.add(product, quantity);
  if (total === 0) {
    toast({ text: t('cart.full') });
    return;
  }
  const text = t('cart.added', { name: localized(product.name), quantity: inWords(total, product.unit) });
  toast({ text, picture: product.picture, toCart: true });
}
