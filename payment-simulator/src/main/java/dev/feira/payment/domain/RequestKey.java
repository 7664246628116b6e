package dev.feira.payment.domain;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * The first request with an {@code Idempotency-Key}.
 *
 * @param id the operation and the key, e.g. {@code charge:5f0c…}: a charge and a refund may have the same key
 * @param fingerprint the content of the first request
 * @param attempts number of requests with this key, including the current one
 */
@Table("request_key")
public record RequestKey(@Id String id, String fingerprint, int attempts) {

    /** @throws IdempotencyKeyReused the first request had another content */
    public void requireFingerprint(String content) {
        if (!fingerprint.equals(content)) {
            throw new IdempotencyKeyReused();
        }
    }
}
