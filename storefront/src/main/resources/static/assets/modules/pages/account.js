import { html, nothing } from '../html.js';
import { Page } from '../element.js';
import { changeProfile, profile } from '../api/users.js';
import { announce } from '../announcer.js';
import { session } from '../state/session.js';
import { speak, t } from '../language.js';
import { date } from '../format.js';
import { fieldSentences, sentence } from '../problems.js';
import { choice, field, flawsOf, focusFirstFlaw, valuesOf } from '../components/field.js';
import { notice } from '../components/notice.js';
import { outage } from '../components/outage.js';
import { toast } from '../components/toast.js';
import '../components/account-deletion.js';
import '../components/address-book.js';
import '../components/data-export.js';
import '../components/email-address.js';
import '../components/sign-ins.js';

/** Profile, e-mail address, addresses and sign-ins of the user. */
class Account extends Page {
  #profile = null;
  #problem = null;
  #errors = {};
  #message = null;
  #saving = false;

  connected() {
    this.named(t('account.title'));
    this.#load().catch((problem) => {
      if (this.signal.aborted) return;
      this.#problem = problem;
      this.update();
    });
  }

  #load = async () => {
    this.#profile = await profile(this.signal);
    this.#problem = null;
    this.update();
  };

  #submit = async (event) => {
    event.preventDefault();
    const form = event.target;
    this.#errors = flawsOf(form);
    this.#message = null;
    if (Object.keys(this.#errors).length === 0) {
      this.#saving = true;
      this.update();
      const { name, locale } = valuesOf(form);
      try {
        this.#profile = await changeProfile({ name, locale });
        await session.refresh();
        await speak(locale); // renders the page again
        announce(t('account.saved'));
        return;
      } catch (problem) {
        this.#errors = fieldSentences(problem);
        this.#message = notice('bad', sentence(problem), { role: 'alert' });
      }
      this.#saving = false;
    }
    this.updateNow();
    focusFirstFlaw(form);
  };

  /** Shows a failed sign-out, so that the user does not leave while still signed in. */
  #signOut = () => session.signOut().catch((problem) => toast({ text: sentence(problem) }));

  #profileForm() {
    const { name, locale, createdAt } = this.#profile;
    const form = 'profile';
    return html`
      <form class="panel" novalidate @submit=${this.#submit}>
        <h2>${t('account.profile')}</h2>
        ${createdAt ? html`<p class="soft">${t('account.since', { date: date(createdAt) })}</p>` : nothing}
        ${field({ form, name: 'name', label: t('field.your-name'), value: name, errors: this.#errors, autocomplete: 'name', maxlength: 100 })}
        ${choice({
          form,
          name: 'locale',
          value: locale,
          label: t('account.language'),
          options: [
            { value: 'en', label: 'English' },
            { value: 'pt', label: 'Português' },
          ],
        })}
        ${this.#message ?? nothing}
        <button class="button" ?disabled=${this.#saving}>${t(this.#saving ? 'saving' : 'save')}</button>
      </form>
    `;
  }

  template() {
    return html`
      <div class="container is-reading">
        <div class="section-head">
          <h1>${t('account.title')}</h1>
          <button type="button" class="button is-quiet" @click=${this.#signOut}>${t('account.sign-out')}</button>
        </div>
        ${this.#problem
          ? outage(this.#problem, this.#load)
          : this.#profile
            ? html`
                ${this.#profileForm()}
                <feira-email-address .account=${this.#profile}></feira-email-address>
                <feira-address-book></feira-address-book>
                <feira-sign-ins></feira-sign-ins>
                <feira-data-export></feira-data-export>
                <feira-account-deletion></feira-account-deletion>
              `
            : html`<div class="skeleton" role="status" aria-label=${t('loading')}><span class="line is-block"></span><span class="line is-block"></span></div>`}
      </div>
    `;
  }
}

customElements.define('feira-account', Account);
export default Account;
