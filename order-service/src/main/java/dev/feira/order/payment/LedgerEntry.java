package dev.feira.order.payment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.feira.order.domain.Money;
import java.util.Objects;

/**
 * A charge or refund in the provider's ledger.
 *
 * @param kind a charge or a refund
 * @param id of the charge or refund
 * @param reference the order's id
 * @param amount its amount
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LedgerEntry(
        Kind kind,
        String id,
        String reference,
        @JsonIgnoreProperties(ignoreUnknown = true) Money amount) {

    /**
     * Rejects an incomplete entry.
     *
     * @throws IllegalArgumentException another currency than EUR: amounts are added up
     */
    public LedgerEntry {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(reference, "reference");
        if (!Money.EUR.equals(amount.currency())) {
            throw new IllegalArgumentException("an amount must be in EUR, not in " + amount.currency());
        }
    }

    /** The kind of an entry. */
    public enum Kind {
        CHARGE,
        REFUND
    }

    /** Returns whether it is a refund. */
    public boolean refund() {
        return kind == Kind.REFUND;
    }
}
