import { html, live } from '../html.js';
import { FeiraElement } from '../element.js';
import { t } from '../language.js';
import { currentPath, go } from '../router.js';
import { icons } from './icons.js';

const PAUSE = 220; // ms without a key: long enough to spare the server, short enough to feel immediate

/** Searches as the user types: the browse page shows the results, the focus stays here. */
class SearchBox extends FeiraElement {
  #text = '';
  #timer;

  connected() {
    const read = () => {
      // While the user types, the field determines the URL.
      if (this.contains(document.activeElement)) return;
      this.#text = currentPath() === '/browse' ? (currentQuery().get('q') ?? '') : '';
      this.update();
    };
    read();
    addEventListener('feira-navigated', read, { signal: this.signal });
  }

  #typed = (event) => {
    this.#text = event.target.value;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), PAUSE);
  };

  #search() {
    clearTimeout(this.#timer);
    const browsing = currentPath() === '/browse';
    const query = browsing ? currentQuery() : new URLSearchParams();
    const text = this.#text.trim();
    if (!browsing && !text) return;
    if ((query.get('q') ?? '') === text) return;
    if (text) query.set('q', text);
    else query.delete('q');
    const rest = query.toString();
    go(`/browse${rest ? `?${rest}` : ''}`, { replace: browsing, quietly: true });
  }

  #submit = (event) => {
    event.preventDefault();
    this.#search();
    // Moves the focus to the list; on a phone this also closes the keyboard.
    document.querySelector('#results')?.focus();
  };

  template() {
    return html`
      <form class="search-box" role="search" @submit=${this.#submit}>
        <label class="visually-hidden" for="search">${t('search.label')}</label>
        ${icons.search}
        <input
          id="search"
          type="search"
          name="q"
          placeholder=${t('search.placeholder')}
          autocomplete="off"
          enterkeyhint="search"
          maxlength="100"
          .value=${live(this.#text)}
          @input=${this.#typed}
        />
      </form>
    `;
  }
}

const currentQuery = () => new URLSearchParams(location.search);

customElements.define('feira-search-box', SearchBox);
