import { html, nothing } from '../html.js';
import { FeiraElement } from '../element.js';
import { t } from '../language.js';
import { sentence } from '../problems.js';
import { session } from '../state/session.js';
import { drawing } from './picture.js';

const FIRST_WAIT = 4; // s
const LONGEST_WAIT = 60; // s

/**
 * Says kindly that something is away, and tries again: when the server asked for it, otherwise after 4, 8, 16 … s, a
 * little scattered so that not everybody comes back in the same second. Set `problem` and `retry` (an async function
 * that is done when it worked and throws when it did not).
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

  /** Whether it passes by itself. Asking again does not help against a refusal; a person may still do it. */
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
      if (document.hidden) return; // nobody is waiting
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

/** The element for this problem; `retry` loads again. */
export const outage = (problem, retry) => html`<feira-outage .problem=${problem} .retry=${retry}></feira-outage>`;
