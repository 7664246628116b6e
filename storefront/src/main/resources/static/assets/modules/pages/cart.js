import { html, nothing, repeat } from '../html.js';
import { Page } from '../element.js';
import { quote } from '../api/orders.js';
import { announce } from '../announcer.js';
import { cart } from '../state/cart.js';
import { session } from '../state/session.js';
import { localized, t } from '../language.js';
import { money, perUnit, sum, times } from '../format.js';
import { sentence } from '../problems.js';
import { icons } from '../components/icons.js';
import { emptyState, link, notice } from '../components/notice.js';
import { tile } from '../components/picture.js';
import { stepper } from '../components/stepper.js';
import { totals } from '../components/totals.js';

const PAUSE = 300; // ms after the last change before the next quote

/** Cart with a quote of order-service; until it arrives, sums are estimates. */
class CartPage extends Page {
  #quote = null;
  #problem = null;
  #gone = [];
  #timer;
  #request = new AbortController();

  connected() {
    cart.subscribe(() => this.#changed(), this.signal);
    this.watch(session);
    this.named(t('cart.title'));
    this.#ask();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#request.abort();
    clearTimeout(this.#timer);
  }

  #changed() {
    this.#quote = null;
    this.update();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE);
  }

  async #ask() {
    this.#request.abort();
    if (cart.count === 0) return;
    this.#request = new AbortController();
    const { signal } = this.#request;
    try {
      this.#quote = await quote(cart.lines, signal);
      this.#problem = null;
      this.#gone = [];
      announce(t('cart.total-is', { total: money(this.#quote.totals.gross) }));
    } catch (problem) {
      if (signal.aborted) return;
      this.#quote = null;
      this.#problem = problem;
      this.#gone = problem.body?.skus ?? [];
    }
    this.update();
  }

  #line(line) {
    const quoted = this.#quote?.lines.find(({ sku }) => sku === line.sku);
    const name = localized(line.name);
    const price = quoted?.unitPrice ?? line.price;
    const changed = quoted && quoted.unitPrice.amount !== line.price.amount;
    const tooFew = quoted && quoted.available < line.quantity;
    const gone = this.#gone.includes(line.sku);
    return html`
      <li class="cart-line" data-sku=${line.sku}>
        <a href="/products/${line.sku}" tabindex="-1" aria-hidden="true">${tile(line.picture, line.category)}</a>
        <div class="cart-line-text">
          <h2><a href="/products/${line.sku}">${name}</a></h2>
          <p class="soft small">${money(price)} ${perUnit(line.unit)}</p>
          ${changed ? html`<p class="small is-warm-text">${t('cart.price-changed', { before: money(line.price) })}</p>` : nothing}
          ${gone ? html`<p class="small is-bad-text">${t('cart.gone')}</p>` : nothing}
          ${tooFew
            ? html`
                <p class="small is-warm-text">
                  ${quoted.available === 0 ? t('product.sold-out-today') : t('cart.only', { count: quoted.available })}
                  ${quoted.available > 0
                    ? html`<button type="button" class="link-button" @click=${() => cart.change(line.sku, quoted.available)}>${t('cart.take-those')}</button>`
                    : nothing}
                </p>
              `
            : nothing}
        </div>
        <div class="cart-line-quantity">
          ${stepper({ value: line.quantity, small: true, label: t('product.quantity-of', { name }), onChange: (value) => cart.change(line.sku, value) })}
          <button type="button" class="icon-button" aria-label=${t('cart.remove', { name })} @click=${() => this.#remove(line)}>${icons.cross}</button>
        </div>
        <p class="cart-line-total">${money(quoted?.lineTotal ?? times(line.price, line.quantity))}</p>
      </li>
    `;
  }

  #remove(line) {
    cart.remove(line.sku);
    announce(t('cart.removed', { name: localized(line.name) }));
    this.updateNow();
    const heading = this.querySelector('h1');
    heading.tabIndex = -1;
    heading.focus();
  }

  #canGoOn() {
    if (this.#problem) return this.#problem.isOutage;
    return !this.#quote?.lines.some(({ available, quantity }) => available < quantity);
  }

  template() {
    if (cart.count === 0) {
      return html`
        <div class="container">
          ${emptyState({ picture: 'basket', title: t('cart.empty'), text: t('cart.empty-hint'), action: link('/browse', t('home.browse')) })}
        </div>
      `;
    }
    const estimate = sum(cart.value.map((line) => times(line.price, line.quantity)));
    return html`
      <div class="container">
        <h1>${t('cart.title')}</h1>
        <div class="with-aside">
          <ul class="cart-lines">${repeat(cart.value, ({ sku }) => sku, (line) => this.#line(line))}</ul>
          <aside class="panel summary" aria-label=${t('cart.summary')}>
            ${this.#problem ? notice(this.#problem.isOutage ? 'warn' : 'bad', sentence(this.#problem), { role: 'alert' }) : nothing}
            ${totals(this.#quote, estimate)}
            ${this.#canGoOn()
              ? html`<a class="button is-large is-wide" href="/checkout">${t('cart.checkout')}</a>`
              : html`<p class="is-warm-text">${t('cart.mend-first')}</p>`}
            ${session.value.authenticated ? nothing : html`<p class="soft small">${t('cart.sign-in-later')}</p>`}
            <a class="quiet-link" href="/browse">${t('cart.go-on')}</a>
          </aside>
        </div>
      </div>
    `;
  }
}

customElements.define('feira-cart', CartPage);
export default CartPage;
