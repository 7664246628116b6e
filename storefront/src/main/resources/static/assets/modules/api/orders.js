import { request } from './client.js';

/** What these lines cost now. */
export const quote = async (lines, signal) => (await request('POST', '/api/quotes', { body: { lines }, signal })).body;

/**
 * Places an order. `body` is the JSON text itself: repeated with the same key it must be the same, byte for byte.
 * Waits up to two seconds for the outcome; the order may still be on its way then.
 */
export const placeOrder = async (key, body) =>
  (
    await request('POST', '/api/orders', {
      body,
      headers: { 'Idempotency-Key': key, Prefer: 'wait=2' },
      timeout: 20_000,
    })
  ).body;

export const orders = async (query, signal) => (await request('GET', '/api/orders', { query, signal })).body;

/**
 * An order and its tag. With a tag from before it waits for up to `seconds` for a change.
 *
 * @return {Promise<{order: object|null, etag: string|null}>} order is null if it has not changed
 */
export async function order(id, { etag, seconds = 10, signal } = {}) {
  const answer = await request('GET', `/api/orders/${encodeURIComponent(id)}`, {
    headers: etag ? { 'If-None-Match': etag, Prefer: `wait=${seconds}` } : {},
    timeout: (seconds + 10) * 1000,
    signal,
  });
  return { order: answer.body, etag: answer.headers.get('ETag') ?? etag };
}

export const cancelOrder = async (id) =>
  (await request('POST', `/api/orders/${encodeURIComponent(id)}/cancellation`)).body;

/** step: `shipment`, `delivery` or `return`; for staff. */
export const advanceOrder = async (id, step) =>
  (await request('POST', `/api/orders/${encodeURIComponent(id)}/${step}`)).body;
