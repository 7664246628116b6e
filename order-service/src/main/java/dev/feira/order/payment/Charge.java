package dev.feira.order.payment;

import dev.feira.order.domain.Money;
import org.jspecify.annotations.Nullable;

/**
 * A charge at the provider.
 *
 * @param id the provider's name of it
 * @param status where it stands
 * @param declineReason why it was refused, if it was
 * @param brand the card's brand
 * @param last4 the card's last four digits
 * @param amount how much
 */
public record Charge(
        String id,
        Status status,
        @Nullable String declineReason,
        @Nullable String brand,
        @Nullable String last4,
        Money amount) {

    /** Where a charge stands. */
    public enum Status {
        SUCCEEDED,
        DECLINED,
        PENDING,
        /** Stopped before it was taken. */
        CANCELLED
    }
}
