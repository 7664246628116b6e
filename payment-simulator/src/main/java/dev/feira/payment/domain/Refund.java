package dev.feira.payment.domain;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A refund of a charge.
 *
 * @param reference the charge's reference
 * @param amount in EUR, two decimals, more than 0
 */
@Table("refund")
public record Refund(
        @Id UUID id, String idempotencyKey, UUID chargeId, String reference, BigDecimal amount, Instant createdAt) {

    /** Creates a refund of the charge or a part of it. */
    public static Refund of(Charge charge, String idempotencyKey, BigDecimal amount, Instant now) {
        return new Refund(UUID.randomUUID(), idempotencyKey, charge.id(), charge.reference(), amount, now);
    }
}
