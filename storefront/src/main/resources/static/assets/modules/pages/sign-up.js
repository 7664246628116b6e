import { html, nothing } from '../html.js';
import { Page } from '../element.js';
import { register } from '../api/users.js';
import { cart } from '../state/cart.js';
import { session } from '../state/session.js';
import { language, t } from '../language.js';
import { fieldSentences, sentence } from '../problems.js';
import { field, flawsOf, focusFirstFlaw, valuesOf } from '../components/field.js';
import { notice } from '../components/notice.js';
import { drawing } from '../components/picture.js';

/** Registers an account; the user then signs in. */
class SignUp extends Page {
  #errors = {};
  #message = null;
  #saving = false;
  #made = null;

  connected() {
    this.named(t('sign-up.title'));
  }

  /** Keeps the form's input. */
  languageChanged() {
    this.#errors = {};
    this.#message = null;
    this.named(t(this.#made ? 'sign-up.done' : 'sign-up.title'));
  }

  #submit = async (event) => {
    event.preventDefault();
    if (this.#saving) return;
    const form = event.target;
    this.#errors = flawsOf(form);
    this.#message = null;
    if (Object.keys(this.#errors).length === 0) {
      this.#saving = true;
      this.update();
      const { name, email, password } = valuesOf(form);
      try {
        await register({ name, email, password, locale: language.value });
        this.#made = email;
        this.named(t('sign-up.done'));
        this.querySelector('h1')?.focus();
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

  /** Returns to the sign-in page that led here, otherwise to a new one. */
  #signIn = () => {
    const waiting = URL.parse(this.route.query.get('continue') ?? '/', location.origin);
    if (waiting?.origin === location.origin && waiting.pathname.startsWith('/id/')) location.assign(waiting);
    else session.signIn(cart.count ? '/checkout' : '/account');
  };

  template() {
    if (this.#made) {
      return html`
        <div class="container">
          <div class="panel is-narrow centered">
            ${drawing('key')}
            <h1 tabindex="-1">${t('sign-up.done')}</h1>
            <p>${t('sign-up.done-text', { email: this.#made })}</p>
            <p><button type="button" class="button is-large is-wide" @click=${this.#signIn}>${t('sign-in.button')}</button></p>
          </div>
        </div>
      `;
    }
    const form = 'sign-up';
    const errors = this.#errors;
    return html`
      <div class="container">
        <form class="panel is-narrow" novalidate @submit=${this.#submit}>
          <h1>${t('sign-up.title')}</h1>
          <p class="soft">${t('sign-up.text')}</p>
          ${field({ form, name: 'name', label: t('field.your-name'), errors, autocomplete: 'name', maxlength: 100 })}
          ${field({ form, name: 'email', type: 'email', errors, autocomplete: 'email', maxlength: 254 })}
          ${field({ form, name: 'password', type: 'password', errors, autocomplete: 'new-password', minlength: 10, maxlength: 200, hint: t('field.password.hint') })}
          ${this.#message ?? nothing}
          <button class="button is-large is-wide" ?disabled=${this.#saving}>${t(this.#saving ? 'saving' : 'sign-up.button')}</button>
          <p class="soft centered">${t('sign-up.have-account')} <a href="/sign-in">${t('sign-in.button')}</a></p>
        </form>
      </div>
    `;
  }
}

customElements.define('feira-sign-up', SignUp);
export default SignUp;
