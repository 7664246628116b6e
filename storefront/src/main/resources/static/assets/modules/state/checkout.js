import { randomIdentifier } from '../identifier.js';
import { recall, remember } from '../store.js';

const KEY = 'feira.checkout';

/**
 * The attempt to place an order, kept while its outcome is unknown: the Idempotency-Key and the request's exact text.
 *
 * It is written down before it is sent. Whatever happens then (a double click, a reload, a lost answer), what is sent
 * again is the same request with the same key, so that there is one order. It is given up only after an answer that says
 * that no order was made, or that one was.
 */
export const attempt = {
  /** What this person began in this tab and does not know the outcome of, or null. */
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
