package dev.feira.payment.domain;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * What was asked under one {@code Idempotency-Key}.
 *
 * @param id the operation and the key, e.g. {@code charge:5f0c…}: the same key may serve a charge and a refund
 * @param fingerprint of the first request's content
 * @param attempts requests with this key so far, this one included
 */
@Table("request_key")
public record RequestKey(@Id String id, String fingerprint, int attempts) {

    /** @throws IdempotencyKeyReused the key came with another content before */
    public void requireFingerprint(String content) {
        if (!fingerprint.equals(content)) {
            throw new IdempotencyKeyReused();
        }
    }
}
