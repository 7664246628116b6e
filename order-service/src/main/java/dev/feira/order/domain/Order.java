package dev.feira.order.domain;

import dev.feira.order.domain.InvalidTransition.Transition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order. Immutable: each transition returns the order after it, with one new entry in the timeline. In a wrong status,
 * transitions of the saga throw {@link IllegalStateException}, those of requests {@link InvalidTransition}.
 *
 * @param id also the id of the reservation and of the charge
 * @param customerId the subject of the customer's token
 * @param status its status
 * @param lines what was ordered, at least one line
 * @param totals the sums of the lines, fixed at placement
 * @param deliveryAddress where it is delivered
 * @param paymentToken the provider's token of the card; removed as soon as no charge can need it
 * @param payment the payment; null until the provider has responded
 * @param rejection why it was rejected
 * @param timeline its events, oldest first
 * @param placedAt time of placement, in microseconds
 * @param updatedAt time of the last transition
 * @param version increases by one with each transition, from 1
 */
public record Order(
        UUID id,
        String customerId,
        OrderStatus status,
        List<OrderLine> lines,
        Totals totals,
        DeliveryAddress deliveryAddress,
        @Nullable String paymentToken,
        @Nullable Payment payment,
        @Nullable Rejection rejection,
        List<TimelineEntry> timeline,
        Instant placedAt,
        Instant updatedAt,
        int version) {

    /** That of PostgreSQL, so that an order in memory has the times that are read later. */
    private static final ChronoUnit PRECISION = ChronoUnit.MICROS;

    private static final Set<OrderStatus> CANCELLABLE =
            EnumSet.of(OrderStatus.PLACED, OrderStatus.RESERVED, OrderStatus.PAID, OrderStatus.CONFIRMED);
    private static final Set<OrderStatus> RETURNABLE = EnumSet.of(OrderStatus.SHIPPED, OrderStatus.DELIVERED);

    public Order {
        lines = List.copyOf(lines);
        timeline = List.copyOf(timeline);
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("an order must have at least one line");
        }
    }

    /** Returns a new order. */
    public static Order place(
            UUID id,
            String customerId,
            List<OrderLine> lines,
            DeliveryAddress deliveryAddress,
            String paymentToken,
            Instant time) {
        var now = time.truncatedTo(PRECISION);
        return new Order(
                id,
                customerId,
                OrderStatus.PLACED,
                lines,
                Totals.of(lines),
                deliveryAddress,
                paymentToken,
                null,
                null,
                List.of(new TimelineEntry(now, TimelineEntry.Type.PLACED, null)),
                now,
                now,
                1);
    }

    /** Records that the stock is reserved. */
    public Order reserved(Instant now) {
        expect(OrderStatus.PLACED);
        return change(now)
                .status(OrderStatus.RESERVED)
                .entry(TimelineEntry.Type.STOCK_RESERVED, null)
                .build();
    }

    /** Records that the charge is pending. */
    public Order paymentPending(Payment charge, Instant now) {
        expect(OrderStatus.RESERVED);
        return change(now)
                .payment(charge)
                .entry(TimelineEntry.Type.PAYMENT_PENDING, null)
                .build();
    }

    /** Records that the payment was taken. */
    public Order paid(Payment charge, Instant now) {
        expect(OrderStatus.RESERVED);
        return change(now)
                .status(OrderStatus.PAID)
                .payment(charge.with(PaymentStatus.PAID))
                .clearPaymentToken()
                .entry(TimelineEntry.Type.PAYMENT_TAKEN, totals.gross().toString())
                .build();
    }

    /** Records that the stock is confirmed. */
    public Order confirmed(Instant now) {
        expect(OrderStatus.PAID);
        return change(now)
                .status(OrderStatus.CONFIRMED)
                .entry(TimelineEntry.Type.CONFIRMED, null)
                .build();
    }

    /**
     * Rejects the order. A taken payment becomes {@code REFUNDING}.
     *
     * @param charge the current payment; null where the provider was not called
     */
    public Order rejected(Rejection reason, @Nullable Payment charge, Instant now) {
        expect(OrderStatus.PLACED, OrderStatus.RESERVED, OrderStatus.PAID);
        var known = charge == null ? payment : charge;
        return change(now)
                .status(OrderStatus.REJECTED)
                .payment(refunding(known))
                .rejection(reason)
                .clearPaymentToken()
                .entry(TimelineEntry.Type.REJECTED, reason.detail())
                .build();
    }

    /**
     * Cancels the order. A taken payment becomes {@code REFUNDING}.
     *
     * @param by who cancelled it, for the timeline
     * @param mayBeCharged whether the card may be charged; the token is kept until that is known
     * @throws InvalidTransition the order was shipped or has ended
     */
    public Order cancelled(String by, boolean mayBeCharged, Instant now) {
        if (!CANCELLABLE.contains(status)) {
            throw new InvalidTransition(id, status, Transition.CANCELLATION);
        }
        var change = change(now)
                .status(OrderStatus.CANCELLED)
                .payment(refunding(payment))
                .entry(TimelineEntry.Type.CANCELLED, by);
        return (mayBeCharged ? change : change.clearPaymentToken()).build();
    }

    /**
     * Records that the order was shipped.
     *
     * @throws InvalidTransition the order is not confirmed
     */
    public Order shipped(Instant now) {
        if (status != OrderStatus.CONFIRMED) {
            throw new InvalidTransition(id, status, Transition.SHIPMENT);
        }
        return change(now)
                .status(OrderStatus.SHIPPED)
                .entry(TimelineEntry.Type.SHIPPED, null)
                .build();
    }

    /**
     * Records that the order was delivered.
     *
     * @throws InvalidTransition the order is not shipped
     */
    public Order delivered(Instant now) {
        if (status != OrderStatus.SHIPPED) {
            throw new InvalidTransition(id, status, Transition.DELIVERY);
        }
        return change(now)
                .status(OrderStatus.DELIVERED)
                .entry(TimelineEntry.Type.DELIVERED, null)
                .build();
    }

    /**
     * Records that the order was returned. The payment becomes {@code REFUNDING}.
     *
     * @throws InvalidTransition the order was not shipped
     */
    public Order returned(Instant now) {
        if (!RETURNABLE.contains(status)) {
            throw new InvalidTransition(id, status, Transition.RETURN);
        }
        return change(now)
                .status(OrderStatus.RETURNED)
                .payment(refunding(payment))
                .entry(TimelineEntry.Type.RETURNED, null)
                .build();
    }

    /** Records that the reservation was released. */
    public Order stockReleased(Instant now) {
        return change(now).entry(TimelineEntry.Type.STOCK_RELEASED, null).build();
    }

    /** Records that the stock was returned. */
    public Order stockReturned(Instant now) {
        return change(now).entry(TimelineEntry.Type.STOCK_RETURNED, null).build();
    }

    /** Records, after a cancellation, that the payment was not taken and cannot be taken any more. */
    public Order paymentStopped(Payment charge, Instant now) {
        expect(OrderStatus.CANCELLED);
        return change(now)
                .payment(charge)
                .clearPaymentToken()
                .entry(TimelineEntry.Type.PAYMENT_STOPPED, null)
                .build();
    }

    /** Records, after a cancellation, that the payment was taken. It becomes {@code REFUNDING}. */
    public Order paymentFoundTaken(Payment charge, Instant now) {
        expect(OrderStatus.CANCELLED);
        return change(now)
                .payment(charge.with(PaymentStatus.REFUNDING))
                .clearPaymentToken()
                .entry(TimelineEntry.Type.PAYMENT_TAKEN, totals.gross().toString())
                .build();
    }

    /** Records that the payment was refunded. */
    public Order refunded(String refundId, Instant now) {
        return change(now)
                .payment(Objects.requireNonNull(payment, "there is no payment").refunded(refundId))
                .entry(TimelineEntry.Type.REFUNDED, totals.gross().toString())
                .build();
    }

    /** Returns this version of the order with only the country of its address; for an erased customer. */
    public Order withoutPerson() {
        return new Order(
                id,
                customerId,
                status,
                lines,
                totals,
                deliveryAddress.withoutPerson(),
                paymentToken,
                payment,
                rejection,
                timeline,
                placedAt,
                updatedAt,
                version);
    }

    /** Returns whether the order belongs to this customer. */
    public boolean isOf(String customer) {
        return customerId.equals(customer);
    }

    /** Returns the status of the payment; null until the provider has responded. */
    public @Nullable PaymentStatus paymentStatus() {
        return payment == null ? null : payment.status();
    }

    private static @Nullable Payment refunding(@Nullable Payment payment) {
        return payment != null && payment.status() == PaymentStatus.PAID
                ? payment.with(PaymentStatus.REFUNDING)
                : payment;
    }

    private void expect(OrderStatus... expected) {
        if (!List.of(expected).contains(status)) {
            throw new IllegalStateException(
                    "order %s is %s, expected one of %s".formatted(id, status, List.of(expected)));
        }
    }

    private Change change(Instant now) {
        return new Change(this, now);
    }

    /** Builds the order after a transition. */
    private static final class Change {

        private final Order order;
        private final Instant now;
        private OrderStatus status;
        private @Nullable String paymentToken;
        private @Nullable Payment payment;
        private @Nullable Rejection rejection;
        private final List<TimelineEntry> timeline;

        Change(Order order, Instant now) {
            this.order = order;
            // a clock that was set back must not move the update time back
            this.now = now.isBefore(order.updatedAt) ? order.updatedAt : now.truncatedTo(PRECISION);
            this.status = order.status;
            this.paymentToken = order.paymentToken;
            this.payment = order.payment;
            this.rejection = order.rejection;
            this.timeline = new ArrayList<>(order.timeline);
        }

        Change status(OrderStatus next) {
            status = next;
            return this;
        }

        Change payment(@Nullable Payment next) {
            payment = next;
            return this;
        }

        Change rejection(Rejection reason) {
            rejection = reason;
            return this;
        }

        Change clearPaymentToken() {
            paymentToken = null;
            return this;
        }

        Change entry(TimelineEntry.Type type, @Nullable String detail) {
            timeline.add(new TimelineEntry(now, type, detail));
            return this;
        }

        Order build() {
            return new Order(
                    order.id,
                    order.customerId,
                    status,
                    order.lines,
                    order.totals,
                    order.deliveryAddress,
                    paymentToken,
                    payment,
                    rejection,
                    timeline,
                    order.placedAt,
                    now,
                    order.version + 1);
        }
    }
}
