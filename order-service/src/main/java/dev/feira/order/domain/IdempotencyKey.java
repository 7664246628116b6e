package dev.feira.order.domain;

import java.util.HexFormat;

/**
 * The Idempotency-Key of a request.
 *
 * @param customerId the owner of the key: two customers may use the same value
 * @param value 1 to 100 visible ASCII characters
 * @param fingerprint SHA-256 of the request's canonical form, hexadecimal
 */
public record IdempotencyKey(String customerId, String value, String fingerprint) {

    /** Returns the key of a request with this digest. */
    public static IdempotencyKey of(String customerId, String value, byte[] digest) {
        return new IdempotencyKey(customerId, value, HexFormat.of().formatHex(digest));
    }
}
