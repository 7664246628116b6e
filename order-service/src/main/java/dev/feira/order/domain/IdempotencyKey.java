package dev.feira.order.domain;

/**
 * The Idempotency-Key of a request.
 *
 * @param customerId the owner of the key: two customers may use the same value
 * @param value 1 to 100 visible ASCII characters
 * @param fingerprint SHA-256 of the request's canonical form, hexadecimal
 */
public record IdempotencyKey(String customerId, String value, String fingerprint) {}
