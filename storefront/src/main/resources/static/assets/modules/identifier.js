/** Returns a random id of 128 bits. Not `crypto.randomUUID`, which browsers offer with TLS only. */
export function randomIdentifier() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
