import { request } from './client.js';

/** Registers an account with `{email, password, name, locale}`. */
export const register = async (account) => (await request('POST', '/api/users', { body: account })).body;

export const profile = async (signal) => (await request('GET', '/api/users/me', { signal })).body;

export const changeProfile = async (changes) => (await request('PATCH', '/api/users/me', { body: changes })).body;

/** Sends another link that verifies the user's address; returns false if it is verified already. */
export const sendVerification = async () => (await request('POST', '/api/users/me/verification')).status === 202;

/** Sends links to the present and to the new address, with `{email, currentPassword}`. */
export const changeEmail = ({ email, currentPassword }) =>
  request('POST', '/api/users/me/email', { body: { email, currentPassword } });

/** Deletes the account for good. */
export const deleteAccount = (currentPassword) => request('DELETE', '/api/users/me', { body: { currentPassword } });

/** Returns where the user is signed in, the last used sign-in first. */
export const signIns = async (signal) => (await request('GET', '/api/users/me/sign-ins', { signal })).body.items;

export const endSignIns = () => request('DELETE', '/api/users/me/sign-ins');

export async function addresses(signal) {
  const { body } = await request('GET', '/api/users/me/addresses', { signal });
  return body.items ?? body;
}

export const addAddress = async (address) =>
  (await request('POST', '/api/users/me/addresses', { body: address })).body;

export const changeAddress = async (id, address) =>
  (await request('PUT', `/api/users/me/addresses/${encodeURIComponent(id)}`, { body: address })).body;

export const removeAddress = (id) => request('DELETE', `/api/users/me/addresses/${encodeURIComponent(id)}`);
