package dev.feira.payment.domain;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The book of all money that moved; entries are appended in the transaction that moves it. */
public interface Ledger extends Repository<LedgerEntry, Long> {

    /**
     * Entries behind a position, oldest first.
     *
     * <p>Whoever reads from 0 to the end has seen all that was answered before the reading began. An entry of a
     * transaction that commits meanwhile may have a position that was passed already: it is in the next reading.
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

    /** Writes down that a charge was taken. */
    default void charged(Charge charge, Instant now) {
        append(LedgerEntry.Kind.CHARGE.name(), charge.id(), charge.id(), charge.reference(), charge.amount(), now);
    }

    /** Writes down that a refund went out. */
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
