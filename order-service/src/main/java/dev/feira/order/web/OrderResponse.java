package dev.feira.order.web;

import dev.feira.order.domain.DeliveryAddress;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderStatus;
import dev.feira.order.domain.Payment;
import dev.feira.order.domain.PaymentStatus;
import dev.feira.order.domain.Rejection;
import dev.feira.order.domain.TimelineEntry;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An order. */
record OrderResponse(
        UUID id,
        OrderStatus status,
        String customerId,
        Instant placedAt,
        Instant updatedAt,
        List<LineResponse> lines,
        TotalsResponse totals,
        DeliveryAddress deliveryAddress,
        @Nullable PaymentResponse payment,
        @Nullable Rejection rejection,
        List<TimelineEntry> timeline) {

    /** The payment; the card only by its brand and last four digits. */
    record PaymentResponse(@Nullable String brand, @Nullable String last4, PaymentStatus status) {

        static @Nullable PaymentResponse of(@Nullable Payment payment) {
            return payment == null ? null : new PaymentResponse(payment.brand(), payment.last4(), payment.status());
        }
    }

    static OrderResponse of(Order order) {
        return new OrderResponse(
                order.id(),
                order.status(),
                order.customerId(),
                order.placedAt(),
                order.updatedAt(),
                order.lines().stream().map(LineResponse::of).toList(),
                TotalsResponse.of(order.totals()),
                order.deliveryAddress(),
                PaymentResponse.of(order.payment()),
                order.rejection(),
                order.timeline());
    }
}
