package dev.feira.order.domain;

import java.util.HexFormat;

/**
 * The name that a client gave to one request.
 *
 * @param customerId whose key it is: two customers may use the same value
 * @param value 1 to 100 visible ASCII characters
 * @param fingerprint SHA-256 of the request's canonical form, in hexadecimal
 */
public record IdempotencyKey(String customerId, String value, String fingerprint) {

    /** Makes the key of a request whose digest is this. */
    public static IdempotencyKey of(String customerId, String value, byte[] digest) {
        return new IdempotencyKey(customerId, value, HexFormat.of().formatHex(digest));
    }
}
