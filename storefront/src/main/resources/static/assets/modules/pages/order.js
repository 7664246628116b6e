import { html, nothing } from '../html.js';
import { Page } from '../element.js';
import { advanceOrder, cancelOrder, order } from '../api/orders.js';
import { announce } from '../announcer.js';
import { cart } from '../state/cart.js';
import { session } from '../state/session.js';
import { localized, t } from '../language.js';
import { country, dateTime, money, percent, quantity as inWords, time } from '../format.js';
import { sentence } from '../problems.js';
import { go } from '../router.js';
import { pause, visible } from '../timing.js';
import { emptyState, link, notice } from '../components/notice.js';
import { ENDED, IN_WORK, orderProgress } from '../components/order-progress.js';
import { outage } from '../components/outage.js';
import { tile } from '../components/picture.js';
import { totals } from '../components/totals.js';

const WAIT = 10; // s of Prefer: wait
const SHORTEST_PAUSE = 2000; // ms after a response that came at once without news: a proxy may have removed the ETag or Prefer
const CALM_PAUSE = 15_000; // ms between requests once only staff or the customer change the order
const FIRST_BACKOFF = 2; // s
const LONGEST_BACKOFF = 30; // s

const CANCELLABLE = new Set(['PLACED', 'RESERVED', 'PAID', 'CONFIRMED']);
const STAFF_STEPS = { CONFIRMED: ['shipment'], SHIPPED: ['delivery', 'return'], DELIVERED: ['return'] };

/** One order, updated while the page is open. */
class OrderPage extends Page {
  #order = null;
  #etag = null;
  #problem = null;
  #interrupted = null;
  #message = null;
  #acting = false;
  #backoff = FIRST_BACKOFF;

  connected() {
    this.#load().catch((problem) => {
      if (this.signal.aborted) return;
      this.#problem = problem;
      this.named(t('order.title'));
    });
  }

  #load = async () => {
    const answer = await order(this.route.params.id, { signal: this.signal });
    this.#take(answer);
    this.#problem = null;
    this.named(t('order.title-of', { number: this.#number }));
    this.#follow();
  };

  #take({ order: fresh, etag }) {
    this.#etag = etag;
    this.#interrupted = null;
    this.#backoff = FIRST_BACKOFF;
    if (!fresh) return;
    const before = this.#order?.status;
    this.#order = fresh;
    if (before && before !== fresh.status) announce(t('order.now', { status: t(`status.${fresh.status}`) }));
    this.update();
  }

  /** Polls; the service holds each request until the order changes. */
  async #follow() {
    const { signal } = this;
    while (!signal.aborted && !ENDED.has(this.#order.status)) {
      try {
        await visible(signal);
        const { status } = this.#order;
        const began = performance.now();
        this.#take(await order(this.#order.id, { etag: this.#etag, seconds: WAIT, signal }));
        if (!IN_WORK.has(this.#order.status)) await pause(CALM_PAUSE, signal);
        else if (this.#order.status === status && performance.now() - began < SHORTEST_PAUSE) await pause(SHORTEST_PAUSE, signal);
      } catch (problem) {
        if (signal.aborted) return;
        this.#interrupted = problem;
        this.update();
        if (!problem.isOutage) return;
        await pause(Math.max(problem.retryAfter ?? 0, this.#backoff) * 1000, signal).catch(() => {});
        this.#backoff = Math.min(LONGEST_BACKOFF, this.#backoff * 2);
      }
    }
  }

  get #number() {
    return this.#order.id.slice(0, 8);
  }

  async #act(action) {
    if (this.#acting) return;
    this.#acting = true;
    this.#message = null;
    this.update();
    try {
      await action();
      this.#take(await order(this.#order.id, { signal: this.signal }));
    } catch (problem) {
      if (this.signal.aborted) return;
      this.#message = notice('bad', sentence(problem), { role: 'alert' });
    }
    this.#acting = false;
    this.update();
  }

  #actions() {
    const { id, status } = this.#order;
    const steps = session.isStaff ? (STAFF_STEPS[status] ?? []) : [];
    const canCancel = CANCELLABLE.has(status);
    const again = status === 'REJECTED';
    if (!canCancel && !again && steps.length === 0 && !this.#message) return nothing;
    return html`
      ${this.#message ?? nothing}
      <p class="actions">
        ${steps.map((step) => html`<button type="button" class="button" ?disabled=${this.#acting} @click=${() => this.#act(() => advanceOrder(id, step))}>${t(`order.do.${step}`)}</button>`)}
        ${again ? html`<button type="button" class="button" @click=${() => this.#again()}>${t('order.again')}</button>` : nothing}
        ${canCancel
          ? html`<button type="button" class="button is-quiet" ?disabled=${this.#acting} @click=${() => this.#cancel()}>${t('order.cancel')}</button>`
          : nothing}
      </p>
    `;
  }

  /** Adds the order's products to the cart unless the cart has them. */
  #again() {
    for (const line of this.#order.lines) {
      if (cart.quantityOf(line.sku) < line.quantity) cart.add({ ...line, price: line.unitPrice }, line.quantity - cart.quantityOf(line.sku));
    }
    go('/cart');
  }

  #cancel() {
    if (confirm(t('order.cancel-sure'))) this.#act(() => cancelOrder(this.#order.id));
  }

  #timeline() {
    return html`
      <section aria-labelledby="timeline">
        <h2 id="timeline">${t('order.timeline')}</h2>
        <ol class="timeline">
          ${this.#order.timeline.map(
            (entry) => html`<li><time datetime=${entry.at}>${time(entry.at)}</time><span>${t(`timeline.${entry.type}`)}</span></li>`
          )}
        </ol>
        <p><a href="/orders/${this.#order.id}/explanation">${t('explain.open')}</a></p>
      </section>
    `;
  }

  #lines() {
    const shortages = Object.fromEntries((this.#order.rejection?.lines ?? []).map((line) => [line.sku, line]));
    return html`
      <section aria-labelledby="lines">
        <h2 id="lines">${t('order.lines')}</h2>
        <ul class="order-lines">
          ${this.#order.lines.map(
            (line) => html`
              <li>
                ${line.picture ? tile(line.picture, line.category) : nothing}
                <span>
                  <a href="/products/${line.sku}">${localized(line.name)}</a><br />
                  <span class="soft small">${inWords(line.quantity, line.unit)} · ${money(line.unitPrice)} · ${t('order.vat', { rate: percent(line.vatRate) })}</span>
                  ${shortages[line.sku] ? html`<br /><span class="small is-bad-text">${t('cart.only', { count: shortages[line.sku].available })}</span>` : nothing}
                </span>
                <span>${money(line.lineTotal)}</span>
              </li>
            `
          )}
        </ul>
      </section>
    `;
  }

  template() {
    if (this.#problem?.status === 404 || this.#problem?.type === 'invalid-request') {
      return html`<div class="container">${emptyState({ picture: 'leaves', title: t('order.unknown'), text: t('order.unknown-hint'), action: link('/orders', t('nav.orders')) })}</div>`;
    }
    if (this.#problem) return html`<div class="container"><h1 class="visually-hidden">${t('order.title')}</h1>${outage(this.#problem, this.#load)}</div>`;
    if (!this.#order) return html`<div class="container skeleton" role="status" aria-label=${t('loading')}><span class="line is-title"></span><span class="line"></span></div>`;
    const { status, placedAt, payment, deliveryAddress: address } = this.#order;
    const isNew = this.route.query.has('new') && !ENDED.has(status);
    return html`
      <div class="container">
        <div class="section-head">
          <h1>${isNew ? t('order.thanks') : t('order.title-of', { number: this.#number })}</h1>
          <p class="soft">${isNew ? html`${t('order.title-of', { number: this.#number })} · ` : nothing}${dateTime(placedAt)}</p>
        </div>
        <p class="order-status" data-status=${status}>${t(`status.${status}.now`)}</p>
        ${this.#interrupted ? notice('warn', t('order.interrupted'), { role: 'status' }) : nothing}
        ${orderProgress(this.#order)} ${this.#actions()}
        <div class="with-aside">
          <div>${this.#lines()} ${this.#timeline()}</div>
          <aside class="panel summary" aria-label=${t('cart.summary')}>
            ${totals(this.#order)}
            ${payment
              ? html`<h3>${t('order.payment')}</h3><p>${payment.brand ? `${payment.brand} ···· ${payment.last4}` : nothing}<br /><span class="soft">${t(`payment.${payment.status}`)}</span></p>`
              : nothing}
            <h3>${t('order.address')}</h3>
            ${address.name
              ? html`<address>${address.name}<br />${address.street}<br />${address.postalCode} ${address.city}<br />${country(address.country)}</address>`
              : html`<p class="soft">${t('order.address-erased')}<br />${country(address.country)}</p>`}
          </aside>
        </div>
      </div>
    `;
  }
}

customElements.define('feira-order', OrderPage);
export default OrderPage;
