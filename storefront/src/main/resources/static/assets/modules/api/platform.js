import { Problem, request } from './client.js';

/** Returns the instances of each service with their calls; for staff. */
export const instances = async (signal) => (await request('GET', '/platform/instances', { signal })).body;

/** Returns an audit of `catalog`, `orders` or `users`; for staff. Waits for about a minute. */
export async function audit(area, signal) {
  for (let attempt = 0; attempt < 30; attempt++) {
    const { status, body } = await request('GET', `/api/audits/${area}`, { signal });
    if (status !== 202) return body; // 202: in progress; the service waits about 2 s before it returns it
  }
  throw new Problem({ type: 'timeout' });
}

const parked = (service, rest = '') => `/api/parked-events/${service}${rest}`;

/** Returns the events that a service could not apply, the oldest first; for staff. */
export const parkedEvents = async (service, signal) => (await request('GET', parked(service), { signal })).body.items;

export const retryParkedEvent = (service, id) => request('POST', parked(service, `/${encodeURIComponent(id)}/retry`));

/** The event will never be applied. */
export const dropParkedEvent = (service, id) => request('DELETE', parked(service, `/${encodeURIComponent(id)}`));
