import { html, nothing } from '../html.js';
import { FeiraElement } from '../element.js';
import { t } from '../language.js';
import { sentence } from '../problems.js';
import { session } from '../state/session.js';
import { drawing } from './picture.js';

const FIRST_WAIT = 4; // s
const LONGEST_WAIT = 60; // s

/**
 * Shows an outage and retries: after `Retry-After`, otherwise after 4, 8, 16 … s with jitter, so that clients do not retry
 * in the same second. Set `problem` and `retry` (an async function that throws if it failed).
 */
export class Outage extends FeiraElement {
  problem = null;
  retry = async () => {};
  #wait = FIRST_WAIT;
  #left = 0;
  #trying = false;
  #timer;

  connected() {
    this.#countDown();
    addEventListener('online', () => this.#canWait && this.#try(), { signal: this.signal });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  /** Returns whether a retry can help. It cannot help against a 4xx; the user may still retry. */
  get #canWait() {
    return this.problem?.isOutage ?? true;
  }

  #countDown() {
    clearInterval(this.#timer);
    if (!this.#canWait) return;
    const asked = this.problem?.retryAfter ?? 0;
    this.#left = Math.ceil(Math.max(asked, this.#wait) * (1 + Math.random() / 4));
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
    this.#timer = setInterval(() => {
      if (document.hidden) return; // the page is hidden
      this.#left -= 1;
      if (this.#left <= 0) this.#try();
      else this.update();
    }, 1000);
  }

  async #try() {
    if (this.#trying) return;
    clearInterval(this.#timer);
    this.#trying = true;
    this.update();
    try {
      await this.retry();
    } catch (problem) {
      this.problem = problem;
    }
    this.#trying = false;
    if (!this.isConnected) return;
    this.#countDown();
    this.update();
  }

  template() {
    const canWait = this.#canWait;
    const unknown = this.problem?.type === 'unauthenticated';
    return html`
      <div class="empty">
        ${drawing(canWait ? 'rain' : 'leaves')}
        <h2>${t(canWait ? 'outage.title' : 'outage.refused')}</h2>
        <p role="status">${sentence(this.problem)}</p>
        ${unknown
          ? html`<button type="button" class="button" @click=${() => session.signIn()}>${t('sign-in.button')}</button>`
          : nothing}
        <button type="button" class="button ${unknown ? 'is-quiet' : ''}" ?disabled=${this.#trying} @click=${() => this.#try()}>
          ${t(this.#trying ? 'outage.trying' : 'outage.try-now')}
        </button>
        ${canWait && !this.#trying ? html`<p class="soft" aria-hidden="true">${t('outage.again-in', { count: this.#left })}</p>` : nothing}
      </div>
    `;
  }
}

customElements.define('feira-outage', Outage);

/** Returns the element for a problem; `retry` loads again. */
export const outage = (problem, retry) => html`<feira-outage .problem=${problem} .retry=${retry}></feira-outage>`;
