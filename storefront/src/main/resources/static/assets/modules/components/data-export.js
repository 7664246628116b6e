import { html, nothing } from '../html.js';
import { FeiraElement } from '../element.js';
import { announce } from '../announcer.js';
import { ownMails } from '../api/mails.js';
import { order, orders } from '../api/orders.js';
import { addresses, profile, signIns } from '../api/users.js';
import { t } from '../language.js';
import { sentence } from '../problems.js';
import { notice } from './notice.js';

const PAGE = 100;
const ATTEMPTS = 10;

/** Lets users download their account, addresses, sign-ins, orders and list of mail as one JSON file. Each service returns its own part. */
class DataExport extends FeiraElement {
  #count = null;
  #message = null;

  /** Repeats a request while the platform is busy or away, so that one failure does not lose what was collected. */
  async #patiently(call) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call();
      } catch (problem) {
        if (this.signal.aborted || attempt === ATTEMPTS || !problem.isOutage) throw problem;
        await new Promise((resolve) => setTimeout(resolve, (problem.retryAfter ?? 1) * 1000));
      }
    }
  }

  /** @param customer the user: staff would get the orders of all customers */
  async #orders(customer) {
    const all = [];
    let cursor;
    do {
      const page = await this.#patiently(() => orders({ customer, limit: PAGE, cursor }, this.signal));
      for (const { id } of page.items) {
        all.push((await this.#patiently(() => order(id, { signal: this.signal }))).order);
        this.#count = all.length;
        this.update();
      }
      cursor = page.nextCursor;
    } while (cursor);
    return all;
  }

  async #mails() {
    const all = [];
    let cursor;
    do {
      const page = await this.#patiently(() => ownMails({ limit: PAGE, cursor }, this.signal));
      all.push(...page.items.map(({ kind, status, to, reference, subject, createdAt, sentAt }) => ({ kind, status, to, reference, subject, createdAt, sentAt })));
      cursor = page.nextCursor;
    } while (cursor);
    return all;
  }

  #download = async () => {
    this.#count = 0;
    this.#message = null;
    this.update();
    try {
      const account = await this.#patiently(() => profile(this.signal));
      const data = {
        exportedAt: new Date().toISOString(),
        account,
        addresses: await this.#patiently(() => addresses(this.signal)),
        signIns: await this.#patiently(() => signIns(this.signal)),
        orders: await this.#orders(account.id),
        mails: await this.#mails(),
      };
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
      link.download = 'feira.json';
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser reads it after the click
      announce(t('export.done'));
    } catch (problem) {
      if (this.signal.aborted) return;
      this.#message = notice('bad', sentence(problem), { role: 'alert' });
    }
    this.#count = null;
    this.update();
  };

  template() {
    const busy = this.#count !== null;
    return html`
      <section class="panel" aria-labelledby="export">
        <h2 id="export">${t('export.title')}</h2>
        <p class="soft">${t('export.text')}</p>
        ${this.#message ?? nothing}
        <button type="button" class="button is-quiet" aria-disabled=${busy} @click=${busy ? null : this.#download}>
          ${busy ? t('export.busy', { count: this.#count }) : t('export.button')}
        </button>
      </section>
    `;
  }
}

customElements.define('feira-data-export', DataExport);
