package dev.feira.order.payment;

import dev.feira.order.domain.Money;
import org.jspecify.annotations.Nullable;

/**
 * A charge at the provider.
 *
 * @param id the provider's id
 * @param status its status
 * @param declineReason why it was declined
 * @param brand the card's brand
 * @param last4 the card's last four digits
 * @param amount its amount
 */
public record Charge(
        String id,
        Status status,
        @Nullable String declineReason,
        @Nullable String brand,
        @Nullable String last4,
        Money amount) {

    /** The status of a charge. */
    public enum Status {
        SUCCEEDED,
        DECLINED,
        PENDING,
        /** Cancelled before it was taken. */
        CANCELLED
    }
}
