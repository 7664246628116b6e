import { randomIdentifier } from '../identifier.js';
import { recall, remember } from '../store.js';

const KEY = 'feira.checkout';

/**
 * Stores the attempt to place an order while its outcome is unknown: the Idempotency-Key and the exact text of the request.
 *
 * The attempt is stored before it is sent. After a reload or a lost response the same request is sent with the same key, so
 * that there is one order. It is removed after a response that says whether an order was placed, or when the user gives up.
 */
export const attempt = {
  /** The attempt of this tab whose outcome is unknown, or null. */
  pendingOf(person) {
    const kept = recall('sessionStorage', KEY, null);
    const whole = typeof kept?.key === 'string' && typeof kept.body === 'string';
    return whole && kept.person === person ? kept : null;
  },

  begin(person, request) {
    const begun = { person, key: randomIdentifier(), body: JSON.stringify(request) };
    remember('sessionStorage', KEY, begun);
    return begun;
  },

  end() {
    remember('sessionStorage', KEY, null);
  },
};
