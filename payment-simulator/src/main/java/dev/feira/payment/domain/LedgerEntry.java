package dev.feira.payment.domain;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A charge or refund in the ledger.
 *
 * @param position increases with each entry, with gaps
 * @param id the id of the charge or refund
 * @param chargeId the id of the charge, also for a refund
 * @param amount in EUR, always positive; {@code kind} is the direction
 * @param at the time of the charge or refund
 */
@Table("ledger_entry")
public record LedgerEntry(
        @Id long position, Kind kind, UUID id, UUID chargeId, String reference, BigDecimal amount, Instant at) {

    /** The direction of the payment. */
    public enum Kind {
        /** From the card to the shop. */
        CHARGE,
        /** From the shop to the card. */
        REFUND
    }
}
