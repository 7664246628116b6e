import { html, nothing } from '../html.js';
import { FeiraElement } from '../element.js';
import { announce } from '../announcer.js';
import { changeEmail, sendVerification } from '../api/users.js';
import { t } from '../language.js';
import { fieldSentences, sentence } from '../problems.js';
import { field, flawsOf, focusFirstFlaw, valuesOf } from './field.js';
import { notice } from './notice.js';

/** Shows whether the user's e-mail address is verified, sends another link, and starts a change of the address. */
class EmailAddress extends FeiraElement {
  #account = null;
  #open = false;
  #saving = false;
  #errors = {};
  #message = null;

  /** The account, as the API returns it. */
  set account(account) {
    this.#account = account;
    if (this.isConnected) this.update();
  }

  #send = async () => {
    this.#saving = true;
    this.#message = null;
    this.update();
    try {
      const sent = await sendVerification();
      if (!sent) this.#account = { ...this.#account, emailVerified: true }; // verified in another window
      const text = sent ? t('email-address.sent', { email: this.#account.email }) : t('email-address.verified');
      this.#message = notice('good', text);
      announce(text);
    } catch (problem) {
      this.#message = notice('bad', sentence(problem), { role: 'alert' });
    }
    this.#saving = false;
    this.update();
  };

  #edit = () => {
    this.#open = true;
    this.#errors = {};
    this.#message = null;
    this.updateNow();
    this.querySelector('form input')?.focus();
  };

  #close = () => {
    this.#open = false;
    this.updateNow();
    this.querySelector('#change-email')?.focus();
  };

  #submit = async (event) => {
    event.preventDefault();
    if (this.#saving) return;
    const form = event.target;
    const values = valuesOf(form);
    this.#errors = flawsOf(form);
    this.#message = null;
    if (values.email.toLowerCase() === this.#account.email) this.#errors.email = t('email-address.same');
    if (Object.keys(this.#errors).length === 0) {
      this.#saving = true;
      this.update();
      try {
        await changeEmail(values);
        const text = t('email-address.change-sent', { present: this.#account.email, email: values.email });
        this.#message = notice('good', text);
        announce(text);
        this.#saving = false;
        this.#close();
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

  #form() {
    const form = 'email-address';
    const errors = this.#errors;
    return html`
      <form novalidate @submit=${this.#submit}>
        <p class="soft">${t('email-address.change-text')}</p>
        ${field({ form, name: 'email', type: 'email', label: t('email-address.new'), errors, autocomplete: 'email', maxlength: 254 })}
        ${field({ form, name: 'currentPassword', type: 'password', errors, autocomplete: 'current-password', maxlength: 400 })}
        ${this.#message ?? nothing}
        <p class="actions">
          <button class="button" ?disabled=${this.#saving}>${t(this.#saving ? 'saving' : 'email-address.change-button')}</button>
          <button type="button" class="button is-quiet" @click=${this.#close}>${t('cancel')}</button>
        </p>
      </form>
    `;
  }

  #state() {
    const { email, emailVerified } = this.#account;
    return html`
      <p><strong>${email}</strong> <span class="badge">${t(emailVerified ? 'email-address.verified' : 'email-address.unverified')}</span></p>
      ${emailVerified ? nothing : html`<p class="soft">${t('email-address.unverified-text')}</p>`}
      ${this.#message ?? nothing}
      <p class="actions">
        ${emailVerified
          ? nothing
          : html`<button type="button" class="button" aria-disabled=${this.#saving} @click=${this.#saving ? null : this.#send}>${t('email-address.send')}</button>`}
        <button type="button" class="button is-quiet" id="change-email" @click=${this.#edit}>${t('email-address.change')}</button>
      </p>
    `;
  }

  template() {
    if (!this.#account) return nothing;
    return html`
      <section class="panel" aria-labelledby="email-address">
        <h2 id="email-address">${t('email-address.title')}</h2>
        ${this.#open ? this.#form() : this.#state()}
      </section>
    `;
  }
}

customElements.define('feira-email-address', EmailAddress);
