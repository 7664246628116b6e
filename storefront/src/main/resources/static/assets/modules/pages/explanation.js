import { html, nothing } from '../html.js';
import { Page } from '../element.js';
import { explanation } from '../api/orders.js';
import { mailsAbout } from '../api/mails.js';
import { session } from '../state/session.js';
import { t } from '../language.js';
import { dateTime, seconds } from '../format.js';
import { emptyState, link } from '../components/notice.js';
import { IN_WORK } from '../components/order-progress.js';
import { outage } from '../components/outage.js';
import { messages, sequence } from '../components/sequence.js';

const PAUSE = 2000; // ms between two requests while something may follow
const CALM = 15_000; // ms after the last change: its events and mail have come

/** What happened to an order, as a sequence of messages between the buyer and the services. */
class Explanation extends Page {
  #explanation = null;
  #mails = [];
  #problem = null;

  connected() {
    this.#load().catch((problem) => {
      if (this.signal.aborted) return;
      this.#problem = problem;
      this.named(t('explain.title'));
    });
  }

  #load = async () => {
    const isFirst = !this.#explanation || this.#problem;
    this.#problem = null;
    this.#explanation = await explanation(this.route.params.id, this.signal);
    if (isFirst) this.named(t('explain.title-of', { number: this.#explanation.orderId.slice(0, 8) }));
    // the mails are of another service: without it, the rest is shown
    this.#mails = await mailsAbout(this.#explanation.orderId, session.isStaff, this.signal).catch(() => []);
    this.update();
    if (this.#mayChange()) setTimeout(() => this.signal.aborted || this.#load().catch(() => {}), PAUSE);
  };

  #mayChange() {
    const { status, changes } = this.#explanation;
    return IN_WORK.has(status) || Date.now() - new Date(changes.at(-1).at) < CALM;
  }

  #summary() {
    const { status, steps, placedAt, changes } = this.#explanation;
    const failed = steps.filter((step) => step.outcome === 'FAILED').length;
    const last = changes.findLast((change) => ['CONFIRMED', 'REJECTED', 'CANCELLED'].includes(change.type));
    return html`
      <p class="lead">
        ${t(`status.${status}`)}${last ? ` · ${t('explain.after', { time: seconds(new Date(last.at) - new Date(placedAt)) })}` : nothing}
        ${failed ? ` · ${t('explain.failed', { count: failed })}` : nothing}
      </p>
    `;
  }

  template() {
    if (this.#problem?.status === 404 || this.#problem?.type === 'invalid-request') {
      return html`<div class="container">${emptyState({ picture: 'leaves', title: t('order.unknown'), text: t('order.unknown-hint'), action: link('/orders', t('nav.orders')) })}</div>`;
    }
    if (this.#problem) return html`<div class="container"><h1 class="visually-hidden">${t('explain.title')}</h1>${outage(this.#problem, this.#load)}</div>`;
    if (!this.#explanation) return html`<div class="container skeleton" role="status" aria-label=${t('loading')}><span class="line is-title"></span><span class="line"></span></div>`;
    const { orderId, placedAt, traceId } = this.#explanation;
    return html`
      <div class="container">
        <div class="section-head">
          <h1>${t('explain.title-of', { number: orderId.slice(0, 8) })}</h1>
          <p class="soft"><a href="/orders/${orderId}">${t('explain.back')}</a> · ${dateTime(placedAt)}</p>
        </div>
        ${this.#summary()} ${sequence(messages(this.#explanation, this.#mails), placedAt)}
        ${traceId && session.isStaff ? html`<p class="soft small">${t('explain.trace')} <code>${traceId}</code></p>` : nothing}
      </div>
    `;
  }
}

customElements.define('feira-explanation', Explanation);
export default Explanation;
