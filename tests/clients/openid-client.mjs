// Signs in as a customer by openid-client (npm), with its default settings: code flow, ID token, userinfo, refresh, device.
//   node openid-client.mjs http://localhost:8080 ana@feira.example PASSWORD
import assert from 'node:assert/strict';
import * as client from 'openid-client';

const [shop, email, password] = process.argv.slice(2);
const REDIRECT = 'http://127.0.0.1:18999/callback'; // any port of this machine; nothing listens there

const cookies = new Map();

/** Sends what a browser would send, without following redirects. */
async function browse(address, form) {
  const response = await fetch(new URL(address, shop), {
    method: form ? 'POST' : 'GET',
    redirect: 'manual',
    headers: { Cookie: [...cookies].map((pair) => pair.join('=')).join('; '), Accept: 'text/html' },
    body: form && new URLSearchParams(form),
  });
  for (const cookie of response.headers.getSetCookie()) {
    const [name, value] = cookie.split(';')[0].split(/=(.*)/s);
    cookies.set(name, value);
  }
  return { status: response.status, location: response.headers.get('Location'), page: await response.text() };
}

const csrf = ({ page }) => ({ _csrf: /name="_csrf"[^>]*value="([^"]+)"/.exec(page)[1] });

/** Opens the URL, signs in where the sign-in page is shown, and returns the URL of the client that it ends at. */
async function signIn(address) {
  let response = await browse(address);
  while (response.location && !response.location.startsWith(REDIRECT)) response = await browse(response.location);
  if (response.location) return new URL(response.location);
  response = await browse('/id/login', { email, password, ...csrf(response) });
  while (response.location && !response.location.startsWith(REDIRECT)) response = await browse(response.location);
  assert.ok(response.location, `the sign-in ended with ${response.status}`);
  return new URL(response.location);
}

const configuration = await client.discovery(new URL('/id', shop), 'feira-cli', undefined, client.None(), {
  execute: [client.allowInsecureRequests], // the shop on this machine has no TLS
});

const verifier = client.randomPKCECodeVerifier();
const [state, nonce] = [client.randomState(), client.randomNonce()];
const authorization = client.buildAuthorizationUrl(configuration, {
  redirect_uri: REDIRECT,
  scope: 'openid profile email offline_access',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
  max_age: '300',
});
const tokens = await client.authorizationCodeGrant(configuration, await signIn(authorization), {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  maxAge: 300,
});
const person = await client.fetchUserInfo(configuration, tokens.access_token, tokens.claims().sub);
assert.equal(person.email, email);
assert.equal(typeof person.updated_at, 'number');
const refreshed = await client.refreshTokenGrant(configuration, tokens.refresh_token);
assert.notEqual(refreshed.access_token, tokens.access_token);
console.log('openid-client: code flow, ID token, userinfo, refresh');

const device = await client.initiateDeviceAuthorization(configuration, { scope: 'openid' });
const asked = await browse(device.verification_uri_complete);
await browse('/id/activate/decision', { user_code: device.user_code, decision: 'allow', ...csrf(asked) });
const byDevice = await client.pollDeviceAuthorizationGrant(configuration, device);
assert.equal(byDevice.claims().sub, person.sub);
console.log('openid-client: device with an ID token');
