import { request } from './client.js';

/** The instances of each service and the calls each one got; for staff. */
export const instances = async (signal) => (await request('GET', '/platform/instances', { signal })).body;

/** Whether stock or money balances; area: `catalog` or `orders`; for staff. */
export const audit = async (area, signal) =>
  (await request('GET', `/api/audits/${area}`, { signal, timeout: 30_000 })).body;
