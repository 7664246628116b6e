import { request } from '../api/client.js';
import { language } from '../language.js';
import { Store, recall, remember } from '../store.js';

const ANONYMOUS = { authenticated: false, roles: [] };

/** Who is there, as the gateway tells it. The tokens stay with the gateway. */
class Session extends Store {
  #asking = null;

  /** Why it is not known who is there; null where it is. */
  problem = null;

  constructor() {
    super(ANONYMOUS);
  }

  /**
   * Asks the gateway again. If it does not answer, what was known before stays, and `problem` says why: browsing needs
   * no session, and an outage is not a sign-out.
   */
  refresh() {
    const asking = request('GET', '/session', { timeout: 5000 }).then(
      ({ body }) => {
        this.problem = null;
        return this.#become(body);
      },
      (problem) => {
        this.problem = problem;
        if (this.#asking === asking) this.#asking = null; // who asks next asks anew
        return this.value;
      }
    );
    this.#asking = asking;
    return asking;
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
    location.assign(`/login?continue=/&lang=${language.value}`);
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
