package dev.feira.payment.domain;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Stores the ledger; entries are appended in the transaction of the charge or refund. */
public interface Ledger extends Repository<LedgerEntry, Long> {

    /**
     * Returns entries after a position, oldest first.
     *
     * <p>Reading from 0 to the end returns all entries committed before the reading began. A transaction that commits during
     * the reading may add an entry at an earlier position; the next reading returns it.
     */
    @Query("""
            select position, kind, id, charge_id, reference, amount, at
              from ledger_entry where position > :position order by position limit :limit""")
    List<LedgerEntry> after(long position, int limit);

    @Modifying
    @Query("""
            insert into ledger_entry (kind, id, charge_id, reference, amount, at)
            values (:kind, :id, :chargeId, :reference, :amount, :at)""")
    void append(String kind, UUID id, UUID chargeId, String reference, BigDecimal amount, Instant at);

    /** Appends a charge. */
    default void charged(Charge charge, Instant now) {
        append(LedgerEntry.Kind.CHARGE.name(), charge.id(), charge.id(), charge.reference(), charge.amount(), now);
    }

    /** Appends a refund. */
    default void refunded(Refund refund) {
        append(
                LedgerEntry.Kind.REFUND.name(),
                refund.id(),
                refund.chargeId(),
                refund.reference(),
                refund.amount(),
                refund.createdAt());
    }
}
