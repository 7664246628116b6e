/** A random name of 128 bits. Not `crypto.randomUUID`: that is missing where the shop is served without TLS. */
export function randomIdentifier() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
