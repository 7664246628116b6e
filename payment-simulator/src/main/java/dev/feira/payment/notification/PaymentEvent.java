package dev.feira.payment.notification;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.feira.payment.domain.Amount;
import dev.feira.payment.domain.Charge;
import dev.feira.payment.domain.ChargeStatus;
import dev.feira.payment.domain.Refund;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event for the shop.
 *
 * @param id the same in every copy, so that the shop recognizes duplicates
 * @param type {@code charge.succeeded}, {@code charge.failed} or {@code refund.succeeded}
 * @param reference the id of the shop's order
 * @param amount of the charge or the refund
 * @param declineReason why the charge failed; null otherwise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PaymentEvent(
        UUID id,
        String type,
        UUID chargeId,
        String reference,
        Amount amount,
        @Nullable String declineReason) {

    /** Creates the event of a settled charge. */
    public static PaymentEvent of(Charge charge) {
        return new PaymentEvent(
                UUID.randomUUID(),
                charge.status() == ChargeStatus.SUCCEEDED ? "charge.succeeded" : "charge.failed",
                charge.id(),
                charge.reference(),
                Amount.of(charge.amount()),
                charge.declineReason());
    }

    /** Creates the event of a refund. */
    public static PaymentEvent of(Refund refund) {
        return new PaymentEvent(
                UUID.randomUUID(),
                "refund.succeeded",
                refund.chargeId(),
                refund.reference(),
                Amount.of(refund.amount()),
                null);
    }
}
