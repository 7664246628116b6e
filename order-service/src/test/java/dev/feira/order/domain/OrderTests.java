package dev.feira.order.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OrderTests {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final Payment CHARGE = new Payment(PaymentStatus.PAID, "ch_1", "visa", "4242", null, null);
    private static final Rejection NO_STOCK = new Rejection(RejectionReason.OUT_OF_STOCK, "none left");

    static Order placed() {
        return Order.place(
                UUID.randomUUID(),
                "ana",
                List.of(OrderLineTests.line("3.20", 2, "0.06")),
                new DeliveryAddress("Ana", "Rua 1", "4000-001", "Porto", "PT"),
                "tok_1",
                NOW);
    }

    private static Order confirmed() {
        return placed().reserved(NOW).paid(CHARGE, NOW).confirmed(NOW);
    }

    @Test
    void recordsTimelineFromPlacementToDelivery() {
        var order = confirmed().shipped(NOW).delivered(NOW);
        assertThat(order.status()).isEqualTo(OrderStatus.DELIVERED);
        assertThat(order.timeline())
                .extracting(TimelineEntry::type)
                .containsExactly(
                        TimelineEntry.Type.PLACED,
                        TimelineEntry.Type.STOCK_RESERVED,
                        TimelineEntry.Type.PAYMENT_TAKEN,
                        TimelineEntry.Type.CONFIRMED,
                        TimelineEntry.Type.SHIPPED,
                        TimelineEntry.Type.DELIVERED);
        assertThat(order.version()).isEqualTo(6);
    }

    @Test
    void rejectsSkippedSteps() {
        assertThatIllegalStateException().isThrownBy(() -> placed().paid(CHARGE, NOW));
        assertThatIllegalStateException()
                .isThrownBy(() -> placed().reserved(NOW).confirmed(NOW));
        assertThatIllegalStateException().isThrownBy(() -> confirmed().rejected(NO_STOCK, null, NOW));
    }

    @Test
    void clearsPaymentTokenWhenNoLongerNeeded() {
        assertThat(placed().reserved(NOW).paymentToken()).isNotNull();
        assertThat(placed().reserved(NOW).paid(CHARGE, NOW).paymentToken()).isNull();
        assertThat(placed().rejected(NO_STOCK, null, NOW).paymentToken()).isNull();
        assertThat(placed().cancelled("by the customer", false, NOW).paymentToken())
                .isNull();
        assertThat(placed().reserved(NOW)
                        .cancelled("by the customer", true, NOW)
                        .paymentToken())
                .isNotNull();
    }

    @Test
    void refundsPaidOrderOnRejectionCancellationAndReturn() {
        var paid = placed().reserved(NOW).paid(CHARGE, NOW);
        for (var order : List.of(
                paid.rejected(NO_STOCK, null, NOW),
                paid.cancelled("by staff", false, NOW),
                confirmed().shipped(NOW).returned(NOW))) {
            assertThat(order.payment()).extracting(Payment::status).isEqualTo(PaymentStatus.REFUNDING);
            assertThat(order.refunded("re_1", NOW).payment())
                    .extracting(Payment::status, Payment::refundId)
                    .containsExactly(PaymentStatus.REFUNDED, "re_1");
        }
    }

    @Test
    void rejectsCancellationOfShippedOrder() {
        assertThatExceptionOfType(InvalidTransition.class)
                .isThrownBy(() -> confirmed().shipped(NOW).cancelled("by the customer", false, NOW))
                .matches(e -> e.transition() == InvalidTransition.Transition.CANCELLATION
                        && e.status() == OrderStatus.SHIPPED);
    }

    @Test
    void rejectsShipmentDeliveryAndReturnInOtherStatuses() {
        assertThatExceptionOfType(InvalidTransition.class).isThrownBy(() -> placed().shipped(NOW));
        assertThatExceptionOfType(InvalidTransition.class)
                .isThrownBy(() -> confirmed().delivered(NOW));
        assertThatExceptionOfType(InvalidTransition.class)
                .isThrownBy(() -> confirmed().returned(NOW));
    }

    @Test
    void keepsUpdateTimeWhenClockGoesBack() {
        var order = placed().reserved(NOW.minusSeconds(90));
        assertThat(order.updatedAt()).isEqualTo(NOW);
    }
}
