import { request } from '../api/client.js';
import { deleteAccount, endSignIns } from '../api/users.js';
import { language } from '../language.js';
import { Store, remember } from '../store.js';
import { cart } from './cart.js';

const ANONYMOUS = { authenticated: false, roles: [] };

/** The gateway's session of this browser. The tokens stay in the gateway. */
class Session extends Store {
  #asking = null;

  /** Why the session could not be read, or null. */
  problem = null;

  constructor() {
    super(ANONYMOUS);
  }

  /**
   * Reads the session from the gateway. If that fails, the previous session stays, and `problem` says why: the catalog
   * needs no session, and an outage is not a sign-out.
   */
  refresh() {
    const asking = request('GET', '/session', { timeout: 5000 }).then(
      ({ body }) => {
        this.problem = null;
        return this.#become(body);
      },
      (problem) => {
        this.problem = problem;
        if (this.#asking === asking) this.#asking = null; // the next call sends a new request
        return this.value;
      }
    );
    this.#asking = asking;
    return asking;
  }

  /** Resolves to the session after the first successful read. */
  known() {
    return this.#asking ?? this.refresh();
  }

  get isStaff() {
    return this.value.roles.some((role) => role === 'staff' || role === 'admin');
  }

  /** Navigates to the sign-in page, which returns to the current page. */
  signIn(comeBackTo = location.pathname + location.search) {
    location.assign(`/login?continue=${encodeURIComponent(comeBackTo)}&lang=${language.value}`);
  }

  /**
   * Signs out by the identity provider, which ends its session too and redirects to the shop.
   *
   * @throws {Problem} the user is still signed in
   */
  async signOut() {
    const { body } = await request('POST', '/logout');
    this.#leave(body.location);
  }

  /**
   * Ends all sign-ins of the user, also those of other devices. Nothing is left for the identity provider to end.
   *
   * @throws {Problem} the user is still signed in, at least here
   */
  async signOutEverywhere() {
    await endSignIns();
    await request('POST', '/logout');
    this.#leave('/');
  }

  /**
   * Deletes the user's account and ends the session of this browser.
   *
   * @throws {Problem} the account still exists
   */
  async deleteAccount(currentPassword) {
    await deleteAccount(currentPassword);
    await request('POST', '/logout').catch(() => {}); // without an account, the session ends within ten minutes
    this.#leave('/');
  }

  #leave(address) {
    // A pending checkout and the cart belong to the user who signs out.
    remember('sessionStorage', 'feira.checkout', null);
    cart.set([]);
    location.assign(address);
  }

  #become(body) {
    const now = body?.authenticated ? { ...body, roles: body.roles ?? [] } : ANONYMOUS;
    this.set(now);
    return now;
  }
}

export const session = new Session();
