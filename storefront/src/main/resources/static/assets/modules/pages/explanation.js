import { html, nothing } from '../html.js';
import { Page } from '../element.js';
import { explanation } from '../api/orders.js';
import { mailsAbout } from '../api/mails.js';
import { session } from '../state/session.js';
import { t } from '../language.js';
import { announce } from '../announcer.js';
import { dateTime, elapsed } from '../format.js';
import { emptyState, link, notice } from '../components/notice.js';
import { IN_WORK } from '../components/order-progress.js';
import { outage } from '../components/outage.js';
import { messages, sequence } from '../components/sequence.js';
import { pause, visible } from '../timing.js';

const PAUSE = 2000; // ms between two requests while something may follow
const ROUNDS_AFTER_END = 5; // then its events and mail have come
const LONGEST_PAUSE = 30_000;

/** What happened to an order, as a sequence of messages between the buyer and the services. */
class Explanation extends Page {
  #explanation = null;
  #mails = [];
  #problem = null;
  #interrupted = false;

  connected() {
    this.#begin().catch((problem) => {
      if (this.signal.aborted) return;
      this.#problem = problem;
      this.named(t('explain.title'));
    });
  }

  #begin = async () => {
    await this.#load();
    this.#problem = null;
    this.named(t('explain.title-of', { number: this.#explanation.orderId.slice(0, 8) }));
    this.#follow();
  };

  async #load() {
    const fresh = await explanation(this.route.params.id, this.signal);
    // the mails are of another service: without it, the rest is shown
    this.#mails = await mailsAbout(fresh.orderId, session.isStaff, this.signal).catch(() => this.#mails);
    const before = this.#explanation?.status;
    this.#explanation = fresh;
    if (before && before !== fresh.status) announce(t('order.now', { status: t(`status.${fresh.status}`) }));
    this.update();
  }

  /** Loads again while the saga runs, and a few times after it. */
  async #follow() {
    const { signal } = this;
    let rest = PAUSE;
    for (let after = 0; after < ROUNDS_AFTER_END; after = IN_WORK.has(this.#explanation.status) ? 0 : after + 1) {
      try {
        await pause(rest, signal);
        await visible(signal);
        await this.#load();
        rest = PAUSE;
        this.#interrupted = false;
      } catch {
        if (signal.aborted) return;
        rest = Math.min(LONGEST_PAUSE, rest * 2);
        this.#interrupted = true;
        this.update();
      }
    }
  }

  #summary() {
    const { status, steps, placedAt, changes } = this.#explanation;
    const failed = steps.filter((step) => step.outcome === 'FAILED').reduce((sum, step) => sum + step.lastAttempt - step.attempt + 1, 0);
    const end = changes.findLast((change) => change.type === status);
    return html`
      <p class="lead">
        ${t(`status.${status}`)}${end ? ` · ${t('explain.after', { time: elapsed(new Date(end.at) - new Date(placedAt)) })}` : nothing}
        ${failed ? ` · ${t('explain.failed', { count: failed })}` : nothing}
      </p>
    `;
  }

  template() {
    if (this.#problem?.status === 404 || this.#problem?.type === 'invalid-request') {
      return html`<div class="container">${emptyState({ picture: 'leaves', title: t('order.unknown'), text: t('order.unknown-hint'), action: link('/orders', t('nav.orders')) })}</div>`;
    }
    if (this.#problem) return html`<div class="container"><h1 class="visually-hidden">${t('explain.title')}</h1>${outage(this.#problem, this.#begin)}</div>`;
    if (!this.#explanation) return html`<div class="container skeleton" role="status" aria-label=${t('loading')}><span class="line is-title"></span><span class="line"></span></div>`;
    const { orderId, placedAt, traceId } = this.#explanation;
    return html`
      <div class="container">
        <div class="section-head">
          <h1>${t('explain.title-of', { number: orderId.slice(0, 8) })}</h1>
          <p class="soft"><a href="/orders/${orderId}">${t('explain.back')}</a> · ${dateTime(placedAt)}</p>
        </div>
        ${this.#interrupted ? notice('warn', t('order.interrupted'), { role: 'status' }) : nothing}
        ${this.#summary()} ${sequence(messages(this.#explanation, this.#mails), placedAt)}
        ${traceId && session.isStaff ? html`<p class="soft small">${t('explain.trace')} <code>${traceId}</code></p>` : nothing}
      </div>
    `;
  }
}

customElements.define('feira-explanation', Explanation);
export default Explanation;
