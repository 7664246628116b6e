import { request } from './client.js';

/** Returns a quote for lines. */
export const quote = async (lines, signal) => (await request('POST', '/api/quotes', { body: { lines }, signal })).body;

/**
 * Places an order. `body` is the JSON text: a retry with the same key must send the same bytes.
 * Waits up to two seconds for the outcome; the order may still be in progress then.
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
 * Returns an order and its ETag. With a previous ETag it waits up to `seconds` for a change.
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

/** Records a step: `shipment`, `delivery` or `return`; for staff. */
export const advanceOrder = async (id, step) =>
  (await request('POST', `/api/orders/${encodeURIComponent(id)}/${step}`)).body;

/** Returns what happened to an order: attempts of steps, changes, events. */
export const explanation = async (id, signal) =>
  (await request('GET', `/api/orders/${encodeURIComponent(id)}/explanation`, { signal })).body;
