package dev.feira.payment.domain;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * Money given back.
 *
 * @param reference the charge's reference
 * @param amount in EUR, two decimals, more than 0
 */
@Table("refund")
public record Refund(
        @Id UUID id, String idempotencyKey, UUID chargeId, String reference, BigDecimal amount, Instant createdAt) {

    /** A new refund of a part of this charge, or all of it. */
    public static Refund of(Charge charge, String idempotencyKey, BigDecimal amount, Instant now) {
        return new Refund(UUID.randomUUID(), idempotencyKey, charge.id(), charge.reference(), amount, now);
    }
}
