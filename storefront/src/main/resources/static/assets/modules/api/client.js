/**
 * A failed request: a problem of RFC 9457, or no response.
 *
 * `type` is the last part of `urn:feira:problem:<type>`, or `network` (no response), `timeout`, `unreadable`.
 */
export class Problem extends Error {
  constructor({ type, status = 0, retryAfter = null, body = {} }) {
    super(body.detail ?? type);
    this.type = type;
    this.status = status;
    /** `Retry-After` in seconds, or null. */
    this.retryAfter = retryAfter;
    this.body = body;
    /** Invalid fields: `[{field, message}]`. */
    this.errors = Array.isArray(body.errors) ? body.errors : [];
  }

  /** Returns whether a retry can help: an outage, not a rejection. */
  get isOutage() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Event of the window after a 401: the session may have ended. */
export const UNAUTHENTICATED = 'feira-unauthenticated';

const PROBLEM = 'urn:feira:problem:';
const SAFE = new Set(['GET', 'HEAD']);

/**
 * Sends a request to the gateway.
 *
 * Never retries: the gateway retries where it is safe, and retries at each layer would multiply.
 * Pages offer a retry (see components/outage.js).
 *
 * @param {string} method
 * @param {string} path
 * @param {{query?: object, body?: object, headers?: object, signal?: AbortSignal, timeout?: number}} options
 *     timeout in milliseconds
 * @return {Promise<{status: number, body: any, headers: Headers}>} also for 304
 * @throws {Problem}
 */
export async function request(method, path, options = {}) {
  const { query, body, headers = {}, signal, timeout = 10_000 } = options;
  const address = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') address.searchParams.set(name, value);
  }
  const deadline = AbortSignal.timeout(timeout);
  let answer;
  let text;
  try {
    answer = await fetch(address, {
      method,
      // The browser's cache would handle If-None-Match itself and hide the 304.
      cache: headers['If-None-Match'] ? 'no-store' : 'default',
      headers: {
        Accept: 'application/json, application/problem+json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(SAFE.has(method) ? {} : csrfHeader()),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    text = await answer.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem({ type: deadline.aborted ? 'timeout' : 'network' });
  }
  if (answer.status === 304) return { status: 304, body: null, headers: answer.headers };
  const content = parsed(text);
  if (!answer.ok) {
    const problem = problemOf(answer, content ?? {});
    if (problem.type === 'csrf' && !options.again) {
      // The cookie was older than the session, or its name differs; GET /session sets a new one and returns its name.
      const session = await fetch('/session', { headers: { Accept: 'application/json' } });
      csrfCookie = (await session.json().catch(() => ({}))).csrf?.cookieName ?? csrfCookie;
      return request(method, path, { ...options, again: true });
    }
    if (problem.type === 'unauthenticated') dispatchEvent(new Event(UNAUTHENTICATED));
    throw problem;
  }
  if (text && content === undefined) throw new Problem({ type: 'unreadable', status: 502 });
  return { status: answer.status, body: content, headers: answer.headers };
}

/** Its name has the port of the public address: cookies of another Feira on this host are here, too. */
let csrfCookie = location.port ? `XSRF-TOKEN-${location.port}` : 'XSRF-TOKEN';

/** Returns the cookie's value for a header; another site's page can neither read nor send it. */
function csrfHeader() {
  const token = document.cookie
    .split('; ')
    .find((cookie) => cookie.startsWith(`${csrfCookie}=`))
    ?.slice(csrfCookie.length + 1);
  return token ? { 'X-XSRF-TOKEN': decodeURIComponent(token) } : {};
}

function parsed(text) {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const BY_STATUS = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  429: 'rate-limited',
  502: 'service-unavailable',
  503: 'service-unavailable',
  504: 'gateway-timeout',
};

function problemOf(answer, body) {
  const type = String(body.type ?? '');
  return new Problem({
    type: type.startsWith(PROBLEM) ? type.slice(PROBLEM.length) : (BY_STATUS[answer.status] ?? 'unknown'),
    status: answer.status,
    retryAfter: secondsOf(answer.headers.get('Retry-After')),
    body,
  });
}

/** Reads Retry-After (RFC 9110, section 10.2.3): seconds or a date. */
function secondsOf(retryAfter) {
  if (!retryAfter) return null;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
}
