import { request } from './client.js';

// The payment company's URLs: card numbers go there only.

/** Turns `{cardNumber, expiry, cvc}` into `{token, brand, last4}`. */
export const tokenize = async (card) => (await request('POST', '/payment-simulator/tokens', { body: card })).body;

/** The simulator's test cards `[{number, brand, behaviour, description}]`. */
export async function testCards(signal) {
  const { body } = await request('GET', '/payment-simulator/cards', { signal });
  return body.items ?? body.cards ?? body;
}
