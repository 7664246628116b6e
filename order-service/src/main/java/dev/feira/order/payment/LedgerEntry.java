package dev.feira.order.payment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.feira.order.domain.Money;

/**
 * A charge or refund in the provider's ledger.
 *
 * @param kind {@code CHARGE} or {@code REFUND}
 * @param id of the charge or refund
 * @param reference the order's id
 * @param amount its amount
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LedgerEntry(
        String kind,
        String id,
        String reference,
        @JsonIgnoreProperties(ignoreUnknown = true) Money amount) {

    /** Returns whether it is a refund. */
    public boolean refund() {
        return "REFUND".equals(kind);
    }
}
