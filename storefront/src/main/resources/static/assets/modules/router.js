import { randomIdentifier } from './identifier.js';
import { routes } from './routes.js';
import { session } from './state/session.js';

/**
 * Shows the page of the URL. The gateway serves the same document for each path of a page, so links can be shared and reloaded.
 */
export class Router {
  #outlet;
  #page = null;
  #route = null;
  #turn = 0;
  #scrollPositions = new Map();
  #entry = null;
  #focusPending = false;
  #scrollTo = null;

  constructor(outlet) {
    this.#outlet = outlet;
    history.scrollRestoration = 'manual';
    addEventListener('popstate', () => this.#show({ focus: true }));
    addEventListener('hashchange', () => this.#forwardOldLink());
    document.addEventListener('click', (event) => this.#clicked(event));
    addEventListener('scroll', () => this.#scrollPositions.set(this.#entry, scrollY), { passive: true });
    outlet.addEventListener('feira-page-named', (event) => this.#named(event.detail));
    router = this;
  }

  start() {
    this.#forwardOldLink();
    return this.#show({ focus: false });
  }

  /** Navigates to a URL. `replace` replaces the history entry; `quietly` keeps the focus. */
  go(address, { replace = false, quietly = false } = {}) {
    const here = address === location.pathname + location.search;
    if (!here) history[replace ? 'replaceState' : 'pushState'](replace ? history.state : null, '', address);
    return this.#show({ focus: !quietly, stay: replace && !here });
  }

  /** Renders the page again and keeps the focus. */
  reload() {
    this.#route = null;
    return this.#show({ focus: false });
  }

  /** Renders the page in another language; a page with `languageChanged()` does it itself and keeps its input. */
  speakAnew() {
    if (this.#page?.languageChanged) this.#page.languageChanged();
    else this.reload();
  }

  get path() {
    return this.#route?.path ?? '/';
  }

  async #show({ focus, stay = false }) {
    const turn = ++this.#turn;
    const path = location.pathname;
    const query = new URLSearchParams(location.search);
    this.#enterHistory();
    this.#focusPending = focus;
    this.#scrollTo = stay ? null : (this.#scrollPositions.get(this.#entry) ?? 0);

    const { route, params } = match(path);
    const next = { path, params, query };
    if (this.#page && this.#route?.route === route && this.#page.routeChanged) {
      this.#route = { ...next, route };
      this.#page.route = next;
      this.#page.routeChanged();
      dispatchEvent(new Event('feira-navigated'));
      return;
    }
    const allowed = await permitted(route);
    let load = route.load;
    if (allowed !== 'yes') load = () => import(`./pages/${allowed}.js`);
    let PageElement;
    try {
      PageElement = (await load()).default;
    } catch {
      // A module did not load: the network or the server is unavailable.
      PageElement = (await import('./pages/outage.js')).default;
    }
    if (turn !== this.#turn) return; // the user has navigated on meanwhile
    this.#route = { ...next, route };
    this.#page = new PageElement();
    this.#page.route = next;
    this.#page.classList.add('page');
    this.#outlet.replaceChildren(this.#page);
    dispatchEvent(new Event('feira-navigated'));
  }

  /** Shows a page of the shop without loading the document again; leaves all other links to the browser. */
  #clicked(event) {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const anchor = event.target.closest('a[href]');
    if (!anchor || anchor.target || anchor.hasAttribute('download') || anchor.origin !== location.origin) return;
    if (anchor.hash || match(anchor.pathname).route === routes.at(-1)) return;
    event.preventDefault();
    this.go(anchor.pathname + anchor.search);
  }

  /** Until November 2026 the URLs of pages were `/#/path?query`. */
  #forwardOldLink() {
    if (!location.hash.startsWith('#/')) return;
    const page = URL.parse(location.hash.slice(1), location.origin);
    history.replaceState(history.state, '', page?.origin === location.origin ? page : '/');
    if (this.#route) this.#show({ focus: true });
  }

  #enterHistory() {
    if (!history.state?.entry) history.replaceState({ entry: randomIdentifier() }, '');
    this.#entry = history.state.entry;
  }

  #named(title) {
    document.title = title ? `${title} · Feira` : 'Feira';
    if (this.#scrollTo !== null) {
      scrollTo({ top: this.#scrollTo, behavior: 'instant' });
      this.#scrollTo = null;
    }
    if (!this.#focusPending) return;
    this.#focusPending = false;
    const heading = this.#page.querySelector('h1') ?? this.#outlet;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

let router;
export const go = (address, options) => router.go(address, options);
export const reload = () => router.reload();
export const speakAnew = () => router.speakAnew();
export const currentPath = () => router?.path ?? '/';

function match(path) {
  for (const route of routes) {
    const found = route.pattern.exec(path);
    if (found) return { route, params: decoded(found.groups ?? {}) };
  }
  return { route: routes.at(-1), params: {} };
}

function decoded(groups) {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => {
      try {
        return [name, decodeURIComponent(value)];
      } catch {
        return [name, value];
      }
    })
  );
}

/** Returns 'yes', or the page to show instead. The services decide what is permitted. */
async function permitted(route) {
  if (!route.requires) return 'yes';
  const { authenticated, roles } = await session.known();
  if (!authenticated) return session.problem ? 'outage' : 'sign-in';
  if (route.requires === 'staff' && !roles.some((role) => role === 'staff' || role === 'admin')) return 'not-found';
  return 'yes';
}
