import { request } from './client.js';

/** Returns `{items, nextCursor}` of products. */
export const products = async (query, signal) => (await request('GET', '/api/products', { query, signal })).body;

export const product = async (sku, signal) =>
  (await request('GET', `/api/products/${encodeURIComponent(sku)}`, { signal })).body;

let known;

/** Returns the categories; requested once, since they hardly change. */
export function categories() {
  known ??= request('GET', '/api/categories').then(
    ({ body }) => body.items ?? body,
    (problem) => {
      known = undefined;
      throw problem;
    }
  );
  return known;
}

export const stockMovements = async (sku, signal) =>
  (await request('GET', `/api/products/${encodeURIComponent(sku)}/stock-movements`, { signal })).body;

/** Sets the available quantity at which staff are told; 0: never. Returns the stock; for staff. */
export const setReorderLevel = async (sku, reorderLevel) =>
  (await request('PUT', `/api/products/${encodeURIComponent(sku)}/reorder-level`, { body: { reorderLevel } })).body;

/** Records a movement `{kind, quantity, reason}` once for each key; for staff. */
export const recordStockMovement = async (sku, movement, key) =>
  (
    await request('POST', `/api/products/${encodeURIComponent(sku)}/stock-movements`, {
      body: movement,
      headers: { 'Idempotency-Key': key },
    })
  ).body;
