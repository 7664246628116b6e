import { html, nothing } from '../html.js';
import { FeiraElement } from '../element.js';
import { t } from '../language.js';
import { fieldSentences, sentence } from '../problems.js';
import { session } from '../state/session.js';
import { field, flawsOf, focusFirstFlaw, valuesOf } from './field.js';
import { notice } from './notice.js';

/** Deletes the user's account, after a confirmation with the password. */
class AccountDeletion extends FeiraElement {
  #open = false;
  #deleting = false;
  #errors = {};
  #message = null;

  #ask = () => {
    this.#open = true;
    this.#errors = {};
    this.#message = null;
    this.updateNow();
    this.querySelector('form input')?.focus();
  };

  #close = () => {
    this.#open = false;
    this.updateNow();
    this.querySelector('#delete-account')?.focus();
  };

  #submit = async (event) => {
    event.preventDefault();
    if (this.#deleting) return;
    const form = event.target;
    this.#errors = flawsOf(form);
    this.#message = null;
    if (Object.keys(this.#errors).length === 0) {
      this.#deleting = true;
      this.update();
      try {
        await session.deleteAccount(valuesOf(form).currentPassword); // leaves the page
        return;
      } catch (problem) {
        this.#errors = fieldSentences(problem);
        this.#message = notice('bad', sentence(problem), { role: 'alert' });
      }
      this.#deleting = false;
    }
    this.updateNow();
    focusFirstFlaw(form);
  };

  #form() {
    return html`
      <form novalidate @submit=${this.#submit}>
        <p><strong>${t('account-deletion.sure')}</strong></p>
        ${field({ form: 'account-deletion', name: 'currentPassword', type: 'password', errors: this.#errors, autocomplete: 'current-password', maxlength: 400 })}
        ${this.#message ?? nothing}
        <p class="actions">
          <button class="button" ?disabled=${this.#deleting}>${t(this.#deleting ? 'saving' : 'account-deletion.confirm')}</button>
          <button type="button" class="button is-quiet" @click=${this.#close}>${t('cancel')}</button>
        </p>
      </form>
    `;
  }

  template() {
    return html`
      <section class="panel" aria-labelledby="account-deletion">
        <h2 id="account-deletion">${t('account-deletion.title')}</h2>
        <p class="soft">${t('account-deletion.text')}</p>
        ${this.#open
          ? this.#form()
          : html`<button type="button" class="button is-quiet" id="delete-account" @click=${this.#ask}>${t('account-deletion.button')}</button>`}
      </section>
    `;
  }
}

customElements.define('feira-account-deletion', AccountDeletion);
