package dev.feira.payment.domain;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * Money that moved.
 *
 * @param position grows with every entry, with gaps
 * @param id the charge's or the refund's
 * @param chargeId the charge, also for a refund of it
 * @param amount in EUR, always positive; {@code kind} says which way
 * @param at when it moved
 */
@Table("ledger_entry")
public record LedgerEntry(
        @Id long position, Kind kind, UUID id, UUID chargeId, String reference, BigDecimal amount, Instant at) {

    /** Which way the money went. */
    public enum Kind {
        /** From the card to the shop. */
        CHARGE,
        /** Back to the card. */
        REFUND
    }
}
