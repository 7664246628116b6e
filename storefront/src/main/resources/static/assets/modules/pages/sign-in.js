import { html } from '../html.js';
import { Page } from '../element.js';
import { session } from '../state/session.js';
import { t } from '../language.js';
import { drawing } from '../components/picture.js';

/** Link to the sign-in page, as a page of its own or instead of a page that needs a session. */
class SignIn extends Page {
  connected() {
    this.named(t('sign-in.title'));
  }

  #comeBackTo() {
    return this.route.path === '/sign-in' ? '/account' : location.pathname + location.search;
  }

  template() {
    const here = this.route.path;
    const reason = ['/checkout', '/orders', '/account'].find((path) => here.startsWith(path));
    return html`
      <div class="container">
        <div class="panel is-narrow centered">
          ${drawing('key')}
          <h1>${t('sign-in.title')}</h1>
          <p>${t(reason ? `sign-in.for${reason.replace('/', '-')}` : 'sign-in.text')}</p>
          <p><button type="button" class="button is-large is-wide" @click=${() => session.signIn(this.#comeBackTo())}>${t('sign-in.button')}</button></p>
          <p class="soft">${t('sign-in.no-account')} <a href="/sign-up">${t('sign-in.sign-up')}</a></p>
        </div>
      </div>
    `;
  }
}

customElements.define('feira-sign-in', SignIn);
export default SignIn;
