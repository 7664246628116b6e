import { request } from './client.js';

/** Registers an account with `{email, password, name, locale}`. */
export const register = async (account) => (await request('POST', '/api/users', { body: account })).body;

export const profile = async (signal) => (await request('GET', '/api/users/me', { signal })).body;

export const changeProfile = async (changes) => (await request('PATCH', '/api/users/me', { body: changes })).body;

export async function addresses(signal) {
  const { body } = await request('GET', '/api/users/me/addresses', { signal });
  return body.items ?? body;
}

export const addAddress = async (address) =>
  (await request('POST', '/api/users/me/addresses', { body: address })).body;

export const changeAddress = async (id, address) =>
  (await request('PUT', `/api/users/me/addresses/${encodeURIComponent(id)}`, { body: address })).body;

export const removeAddress = (id) => request('DELETE', `/api/users/me/addresses/${encodeURIComponent(id)}`);
