import { request } from '../api/client.js';
import { Store, recall, remember } from '../store.js';

const ANONYMOUS = { authenticated: false, roles: [] };

/** Who is there, as the gateway tells it. The tokens stay with the gateway. */
class Session extends Store {
  #asking;

  constructor() {
    super(ANONYMOUS);
  }

  /** Asks the gateway again. If it does not answer, the person counts as not signed in: browsing needs no session. */
  refresh() {
    this.#asking = request('GET', '/session', { timeout: 5000 }).then(
      ({ body }) => this.#become(body),
      () => this.#become(ANONYMOUS)
    );
    return this.#asking;
  }

  /** The session, once it is known. */
  known() {
    return this.#asking ?? this.refresh();
  }

  get isStaff() {
    return this.value.roles.some((role) => role === 'staff' || role === 'admin');
  }

  /** Leaves for the sign-in page and comes back to where the person is now. */
  signIn(comeBackTo = location.hash || '#/') {
    remember('sessionStorage', 'feira.come-back-to', comeBackTo);
    location.assign('/login?continue=/');
  }

  /** Where the person wanted to go before signing in; told once. */
  takeComeBackTo() {
    const address = recall('sessionStorage', 'feira.come-back-to', null);
    remember('sessionStorage', 'feira.come-back-to', null);
    return address;
  }

  /**
   * Leaves by the identity provider, which ends its own session too and leads back to the shop.
   *
   * @throws {Problem} the person is still signed in
   */
  async signOut() {
    const { body } = await request('POST', '/logout');
    // What was begun belongs to who is leaving.
    remember('sessionStorage', 'feira.checkout', null);
    location.assign(body.location);
  }

  #become(body) {
    const now = body?.authenticated ? { ...body, roles: body.roles ?? [] } : ANONYMOUS;
    this.set(now);
    return now;
  }
}

export const session = new Session();
