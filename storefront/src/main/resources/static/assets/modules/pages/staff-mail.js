import { html, nothing } from '../html.js';
import { Page } from '../element.js';
import { announce } from '../announcer.js';
import { mail, mailPage, mails, retryMail } from '../api/mails.js';
import { dateTime } from '../format.js';
import { t } from '../language.js';
import { sentence } from '../problems.js';
import { choice } from '../components/field.js';
import { emptyState, notice } from '../components/notice.js';
import { outage } from '../components/outage.js';
import { go } from '../router.js';

const STATUSES = ['KEPT', 'PENDING', 'SENT', 'FAILED', 'EXPIRED', 'ERASED'];
const LOOKS = { KEPT: '', PENDING: '', SENT: 'is-good', FAILED: 'is-bad', EXPIRED: 'is-bad', ERASED: '' };
const LINK = /(https?:\/\/\S+)/;

/** Mail to customers and staff: what became of it, and the text of what stays in the mailbox; for staff. */
class StaffMail extends Page {
  #items = null;
  #nextCursor = null;
  #problem = null;
  #loading = false;
  #opened = null;
  #message = null;

  connected() {
    this.named(t('staff.mail'));
    this.#ask();
  }

  routeChanged() {
    this.#ask();
  }

  /** Loads the first page. */
  #ask() {
    this.#items = null;
    this.#nextCursor = null;
    this.#opened = null;
    this.#problem = null;
    this.#message = null;
    this.updateNow();
    this.#more();
  }

  #load = async () => {
    const asked = this.route; // another filter replaces it
    this.#loading = true;
    this.update();
    const { items, nextCursor } = await mails({ status: asked.query.get('status') ?? '', cursor: this.#nextCursor }, this.signal);
    if (asked !== this.route) return;
    this.#items = [...(this.#items ?? []), ...items];
    this.#nextCursor = nextCursor;
    this.#problem = null;
    this.#loading = false;
    this.update();
  };

  #more = () => this.#load().catch((problem) => this.#failed(problem));

  #failed(problem) {
    if (this.signal.aborted) return;
    this.#problem = problem;
    this.#loading = false;
    this.update();
  }

  #filter = (event) => {
    const status = event.target.value;
    go(status ? `/staff/mail?status=${status}` : '/staff/mail', { quietly: true });
  };

  #open = async (item) => {
    if (this.#opened?.id === item.id) {
      this.#opened = null;
      this.update();
      return;
    }
    try {
      this.#opened = { id: item.id, text: (await mail(item.id, this.signal)).text };
      this.#message = null;
    } catch (problem) {
      if (this.signal.aborted) return;
      this.#message = notice('bad', sentence(problem), { role: 'alert' });
    }
    this.update();
  };

  #retry = async (item) => {
    try {
      const changed = await retryMail(item.id);
      this.#items = this.#items.map((other) => (other.id === changed.id ? changed : other));
      this.#message = null;
      announce(t('mail.retried'));
      this.querySelector(`li[data-id="${item.id}"]`)?.focus();
    } catch (problem) {
      if (this.signal.aborted) return;
      this.#message = notice('bad', sentence(problem), { role: 'alert' });
    }
    this.update();
  };

  /** Renders a text with its links as links. */
  #text(text) {
    return html`<div class="mail-text">${text.split(LINK).map((part) => (LINK.test(part) ? html`<a href=${part}>${part}</a>` : part))}</div>`;
  }

  #row(item) {
    const open = this.#opened?.id === item.id;
    return html`
      <li class="panel mail" tabindex="-1" data-id=${item.id} data-kind=${item.kind}>
        <div class="mail-head">
          <div>
            <strong id="mail-${item.id}">${item.subject ?? t(`mail.kind.${item.kind}`)}</strong><br />
            <span class="soft small">${item.to ?? t('mail.nobody')} · ${dateTime(item.createdAt)}</span>
          </div>
          <span class="status-pill ${LOOKS[item.status]}">${t(`mail.status.${item.status}`)}</span>
        </div>
        ${item.error ? html`<p class="is-bad-text small">${item.error}</p>` : nothing}
        ${item.readable
          ? html`
              <button type="button" class="link-button" aria-describedby="mail-${item.id}" aria-expanded=${open ? 'true' : 'false'} @click=${() => this.#open(item)}>${t('mail.open')}</button>
              <a class="link-button" aria-describedby="mail-${item.id}" href=${mailPage(item.id)} target="_blank" rel="noopener">${t('mail.as-html')}</a>
            `
          : nothing}
        ${item.status === 'FAILED' ? html`<button type="button" class="link-button" aria-describedby="mail-${item.id}" @click=${() => this.#retry(item)}>${t('mail.retry')}</button>` : nothing}
        ${open ? this.#text(this.#opened.text) : nothing}
      </li>
    `;
  }

  #list() {
    if (this.#problem) return outage(this.#problem, this.#load);
    if (!this.#items) {
      return html`<div class="skeleton" role="status" aria-label=${t('loading')}>${Array.from({ length: 4 }, () => html`<span class="line is-block"></span>`)}</div>`;
    }
    if (this.#items.length === 0) return emptyState({ picture: 'parcel', title: t('mail.none'), heading: false });
    return html`
      <ul class="mail-list">${this.#items.map((item) => this.#row(item))}</ul>
      ${this.#nextCursor ? html`<p class="more"><button type="button" class="button is-quiet" ?disabled=${this.#loading} @click=${this.#more}>${t(this.#loading ? 'browse.loading' : 'browse.more')}</button></p>` : nothing}
    `;
  }

  template() {
    const status = this.route.query.get('status') ?? '';
    return html`
      <div class="container is-reading">
        <h1>${t('staff.mail')}</h1>
        <p class="soft">${t('mail.about')}</p>
        <form class="panel" @change=${this.#filter} @submit=${(event) => event.preventDefault()}>
          ${choice({ form: 'staff-mail', name: 'status', value: status, label: t('staff.status'), options: [{ value: '', label: t('staff.all') }, ...STATUSES.map((value) => ({ value, label: t(`mail.status.${value}`) }))] })}
        </form>
        ${this.#message ?? nothing} ${this.#list()}
      </div>
    `;
  }
}

customElements.define('feira-staff-mail', StaffMail);
export default StaffMail;
