package dev.feira.order.payment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.feira.order.domain.Money;
import org.jspecify.annotations.Nullable;

/**
 * A charge at the provider.
 *
 * @param id the provider's id
 * @param reference the order's id
 * @param status its status
 * @param declineReason why it was declined
 * @param brand the card's brand
 * @param last4 the card's last four digits
 * @param amount its amount
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Charge(
        String id,
        String reference,
        Status status,
        @Nullable String declineReason,
        @Nullable String brand,
        @Nullable String last4,
        @JsonIgnoreProperties(ignoreUnknown = true) Money amount) {

    /** The status of a charge. */
    public enum Status {
        SUCCEEDED,
        DECLINED,
        PENDING,
        /** Cancelled before it was taken. */
        CANCELLED
    }
}
