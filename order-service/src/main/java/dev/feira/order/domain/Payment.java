package dev.feira.order.domain;

import org.jspecify.annotations.Nullable;

/**
 * What is known of an order's payment.
 *
 * @param status where it stands
 * @param chargeId the provider's name of the charge; null where the provider refused the token itself
 * @param brand the card's brand, if the provider told it
 * @param last4 the card's last four digits, if the provider told them
 * @param declineReason why it was refused, if it was
 * @param refundId the provider's name of the refund, once it is made
 */
public record Payment(
        PaymentStatus status,
        @Nullable String chargeId,
        @Nullable String brand,
        @Nullable String last4,
        @Nullable String declineReason,
        @Nullable String refundId) {

    Payment with(PaymentStatus next) {
        return new Payment(next, chargeId, brand, last4, declineReason, refundId);
    }

    Payment refunded(String refund) {
        return new Payment(PaymentStatus.REFUNDED, chargeId, brand, last4, declineReason, refund);
    }
}
