import { html, nothing } from '../html.js';
import { UNAUTHENTICATED } from '../api/client.js';
import { FeiraElement } from '../element.js';
import { LANGUAGES, language, speak, t } from '../language.js';
import { cart } from '../state/cart.js';
import { session } from '../state/session.js';
import { theme, wear } from '../state/theme.js';
import { Router, currentPath, reload, speakAnew } from '../router.js';
import { icons } from './icons.js';
import './search-box.js';
import './toast.js';

const THEMES = { auto: 'light', light: 'dark', dark: 'auto' };
const THEME_ICONS = { auto: icons.halfMoon, light: icons.sun, dark: icons.moon };

/** Frames every page: skip link, header with search and navigation, footer, live region. */
class Shell extends FeiraElement {
  #asking = false;

  connected() {
    this.watch(cart, session, theme);
    language.subscribe(() => {
      this.update();
      speakAnew();
    }, this.signal);
    addEventListener('feira-navigated', () => this.update(), { signal: this.signal });
    addEventListener(UNAUTHENTICATED, () => this.#askWhoIsThere(), { signal: this.signal });
    this.updateNow();
    new Router(this.querySelector('main')).start();
  }

  #entry(path, icon, text, { count = 0, more } = {}) {
    const here = currentPath();
    const current = path === '/' ? here === '/' : here.startsWith(path);
    return html`
      <li>
        <a href="${path}" aria-current=${current ? 'page' : nothing}>
          <span class="nav-icon">${icon}${count > 0 ? html`<span class="count" aria-hidden="true">${count}</span>` : nothing}</span>
          <span class="nav-text">${text}</span>${more ? html`<span class="visually-hidden">, ${more}</span>` : nothing}
        </a>
      </li>
    `;
  }

  template() {
    const person = session.value;
    const other = LANGUAGES.find((tag) => tag !== language.value);
    return html`
      <a class="skip-link" href="#main" @click=${this.#skip}>${t('skip')}</a>
      <header class="site-header">
        <div class="container header-row">
          <a class="logo" href="/" aria-label=${t('nav.home-label')}>
            <img src="/favicon.svg" alt="" width="34" height="34" /><span>Feira</span>
          </a>
          <feira-search-box></feira-search-box>
          <nav class="main-nav" aria-label=${t('nav.label')}>
            <ul>
              ${this.#entry('/', icons.home, t('nav.home'))}
              ${this.#entry('/browse', icons.browse, t('nav.browse'))}
              ${this.#entry('/cart', icons.cart, t('nav.cart'), {
                count: cart.count,
                more: cart.count ? t('nav.cart-count', { count: cart.count }) : undefined,
              })}
              ${person.authenticated
                ? html`${this.#entry('/orders', icons.orders, t('nav.orders'))}${this.#entry('/account', icons.person, t('nav.account'))}`
                : this.#entry('/sign-in', icons.person, t('nav.sign-in'))}
            </ul>
          </nav>
          <div class="settings">
            <button type="button" class="icon-button is-text" lang=${other} aria-label="${other.toUpperCase()}: ${t('language.switch-label')}" @click=${() => speak(other)}>
              ${other.toUpperCase()}
            </button>
            <button
              type="button"
              class="icon-button"
              aria-label=${t('theme.label', { now: t(`theme.${theme.value}`), next: t(`theme.${THEMES[theme.value]}`) })}
              title=${t(`theme.${theme.value}`)}
              @click=${() => wear(THEMES[theme.value])}
            >
              ${THEME_ICONS[theme.value]}
            </button>
          </div>
        </div>
        <div class="awning" aria-hidden="true"></div>
      </header>
      ${session.isStaff
        ? html`
            <nav class="staff-bar" aria-label=${t('staff.label')}>
              <div class="container">
                <span class="badge">${t('staff.badge')}</span>
                <a href="/staff/orders">${t('staff.orders')}</a>
                <a href="/staff/mail">${t('staff.mail')}</a>
                <a href="/staff/platform">${t('staff.platform')}</a>
                <a href="/api-docs">${t('staff.api')}</a>
              </div>
            </nav>
          `
        : nothing}
      <main id="main" tabindex="-1"></main>
      <footer class="site-footer">
        <div class="container">
          <p class="footer-name">Feira</p>
          <p class="soft">${t('footer.about')}</p>
          <ul class="footer-links">
            <li><a href="/browse">${t('nav.browse')}</a></li>
            <li><a href="/orders">${t('nav.orders')}</a></li>
            <li><a href="/api-docs">${t('footer.api')}</a></li>
          </ul>
          <p class="soft small">${t('footer.pictures')}</p>
        </div>
      </footer>
      <div id="announcer" class="visually-hidden" role="status"></div>
      <feira-toast></feira-toast>
    `;
  }

  /** Shows the sign-in link instead of a page that needs a session which has ended. */
  async #askWhoIsThere() {
    if (this.#asking || !session.value.authenticated) return;
    this.#asking = true;
    await session.refresh();
    this.#asking = false;
    if (!session.value.authenticated) reload();
  }

  #skip = (event) => {
    event.preventDefault(); // keeps the URL of the page
    const main = this.querySelector('main');
    main.focus();
    main.scrollIntoView();
  };
}

customElements.define('feira-shell', Shell);
