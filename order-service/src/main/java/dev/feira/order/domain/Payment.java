package dev.feira.order.domain;

import org.jspecify.annotations.Nullable;

/**
 * The payment of an order.
 *
 * @param status its status
 * @param chargeId the provider's id of the charge; null where the provider rejected the token
 * @param brand the card's brand, if known
 * @param last4 the card's last four digits, if known
 * @param declineReason why it was declined
 * @param refundId the provider's id of the refund
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
