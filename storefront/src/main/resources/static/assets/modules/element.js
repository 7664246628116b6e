import { render } from './html.js';

/**
 * A custom element that renders a template into itself, without shadow root, so that styles and labels apply.
 *
 * Subclasses return their content in `template()`, start in `connected()`, and call `update()` after a change.
 * Work started with `signal` ends when the element leaves the page.
 */
export class FeiraElement extends HTMLElement {
  #lifetime = new AbortController();
  #scheduled = false;

  /** Aborted when the element leaves the document. */
  get signal() {
    return this.#lifetime.signal;
  }

  connectedCallback() {
    this.#lifetime = new AbortController();
    this.connected();
    this.update();
  }

  disconnectedCallback() {
    this.#lifetime.abort();
  }

  connected() {}

  template() {}

  /** Renders again when one of the stores changes. */
  watch(...stores) {
    for (const store of stores) store.subscribe(() => this.update(), this.signal);
  }

  /** Schedules rendering; several calls become one. */
  update() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (this.isConnected) render(this.template(), this);
    });
  }

  /** Renders at once, before the caller looks up an element or moves the focus. */
  updateNow() {
    if (this.isConnected) render(this.template(), this);
  }
}

/**
 * A page: an element with a route. `route` is `{ path, params, query }`; a page that stays when its query changes
 * implements `routeChanged()`; one that stays when the language changes, `languageChanged()`.
 */
export class Page extends FeiraElement {
  route = { path: '/', params: {}, query: new URLSearchParams() };

  /** Names the page after its heading is rendered; the router then sets the title and moves the focus. */
  named(title) {
    this.updateNow();
    this.dispatchEvent(new CustomEvent('feira-page-named', { bubbles: true, detail: title }));
  }
}
