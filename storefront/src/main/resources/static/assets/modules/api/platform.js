import { Problem, request } from './client.js';

/** The instances of each service and the calls each one got; for staff. */
export const instances = async (signal) => (await request('GET', '/platform/instances', { signal })).body;

/** Whether stock or money balances; area: `catalog`, `orders` or `users`; for staff. Waits for about a minute. */
export async function audit(area, signal) {
  for (let attempt = 0; attempt < 30; attempt++) {
    const { status, body } = await request('GET', `/api/audits/${area}`, { signal });
    if (status !== 202) return body; // 202: under way; the service itself waited about 2 s before it said so
  }
  throw new Problem({ type: 'timeout' });
}
