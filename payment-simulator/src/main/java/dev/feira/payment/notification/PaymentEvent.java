package dev.feira.payment.notification;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.feira.payment.domain.Charge;
import dev.feira.payment.domain.ChargeStatus;
import dev.feira.payment.domain.Refund;
import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the shop is told.
 *
 * @param id the same in every copy of the event, so that the shop can tell copies
 * @param type {@code charge.succeeded}, {@code charge.failed} or {@code refund.succeeded}
 * @param reference the shop's order
 * @param amount of the charge or the refund
 * @param declineReason why the charge failed, where it did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PaymentEvent(
        UUID id,
        String type,
        UUID chargeId,
        String reference,
        Amount amount,
        @Nullable String declineReason) {

    /** Money as it is written in JSON. */
    public record Amount(String amount, String currency) {

        static Amount of(BigDecimal euros) {
            return new Amount(euros.setScale(2).toPlainString(), "EUR");
        }
    }

    /** Tells of a decided charge. */
    public static PaymentEvent of(Charge charge) {
        return new PaymentEvent(
                UUID.randomUUID(),
                charge.status() == ChargeStatus.SUCCEEDED ? "charge.succeeded" : "charge.failed",
                charge.id(),
                charge.reference(),
                Amount.of(charge.amount()),
                charge.declineReason());
    }

    /** Tells of a refund. */
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
