package dev.feira.order.domain;

import dev.feira.order.domain.InvalidTransition.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order: what was bought, by whom, for how much, and what happened since. Immutable; each transition returns the
 * order after it, with an entry in the timeline. Transitions that the saga makes throw {@link IllegalStateException}
 * from a wrong status, those that people ask for {@link InvalidTransition}.
 *
 * @param id also the name under which stock is reserved and the card is charged
 * @param customerId the subject of the customer's token
 * @param status where it stands
 * @param lines what was bought, at least one line
 * @param totals the sums of the lines, fixed at placing
 * @param deliveryAddress where it goes
 * @param paymentToken stands for the card at the provider; forgotten as soon as no charge can need it
 * @param payment what is known of the payment; null until the provider has answered
 * @param rejection why it was rejected, if it was
 * @param timeline what happened, oldest first
 * @param placedAt when it was placed, to the microsecond
 * @param updatedAt when it last changed
 * @param version grows by one with each change, from 1
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

    private static final Set<OrderStatus> CANCELLABLE =
            EnumSet.of(OrderStatus.PLACED, OrderStatus.RESERVED, OrderStatus.PAID, OrderStatus.CONFIRMED);
    private static final Set<OrderStatus> RETURNABLE = EnumSet.of(OrderStatus.SHIPPED, OrderStatus.DELIVERED);

    public Order {
        lines = List.copyOf(lines);
        timeline = List.copyOf(timeline);
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("an order needs at least one line");
        }
    }

    /** Returns a new order with the prices of these lines. */
    public static Order place(
            UUID id,
            String customerId,
            List<OrderLine> lines,
            DeliveryAddress deliveryAddress,
            String paymentToken,
            Instant now) {
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

    /** The catalog holds the stock. */
    public Order reserved(Instant now) {
        expect(OrderStatus.PLACED);
        return change(now)
                .status(OrderStatus.RESERVED)
                .happened(TimelineEntry.Type.STOCK_RESERVED, null)
                .build();
    }

    /** The provider has the charge and decides later. */
    public Order paymentPending(Payment charge, Instant now) {
        expect(OrderStatus.RESERVED);
        return change(now)
                .payment(charge)
                .happened(TimelineEntry.Type.PAYMENT_PENDING, null)
                .build();
    }

    /** The provider took the payment. */
    public Order paid(Payment charge, Instant now) {
        expect(OrderStatus.RESERVED);
        return change(now)
                .status(OrderStatus.PAID)
                .payment(charge.with(PaymentStatus.PAID))
                .clearPaymentToken()
                .happened(TimelineEntry.Type.PAYMENT_TAKEN, totals.gross().toString())
                .build();
    }

    /** The catalog took the stock out for good. */
    public Order confirmed(Instant now) {
        expect(OrderStatus.PAID);
        return change(now)
                .status(OrderStatus.CONFIRMED)
                .happened(TimelineEntry.Type.CONFIRMED, null)
                .build();
    }

    /**
     * The order cannot be served. A payment that was taken is to be refunded.
     *
     * @param charge what is known of the payment now, or null where the provider was not asked
     */
    public Order rejected(Rejection reason, @Nullable Payment charge, Instant now) {
        expect(OrderStatus.PLACED, OrderStatus.RESERVED, OrderStatus.PAID);
        var known = charge == null ? payment : charge;
        return change(now)
                .status(OrderStatus.REJECTED)
                .payment(refunding(known))
                .rejection(reason)
                .clearPaymentToken()
                .happened(TimelineEntry.Type.REJECTED, reason.detail())
                .build();
    }

    /**
     * The customer or staff gave the order up. A payment that was taken is to be refunded.
     *
     * @param by who did, for the timeline
     * @param mayBeCharged whether it is open if the card was charged; the token is kept until that is known
     * @throws InvalidTransition it has left the shop or has ended already
     */
    public Order cancelled(String by, boolean mayBeCharged, Instant now) {
        if (!CANCELLABLE.contains(status)) {
            throw new InvalidTransition(id, status, Transition.CANCELLATION);
        }
        var change = change(now)
                .status(OrderStatus.CANCELLED)
                .payment(refunding(payment))
                .happened(TimelineEntry.Type.CANCELLED, by);
        return (mayBeCharged ? change : change.clearPaymentToken()).build();
    }

    /**
     * It left the shop.
     *
     * @throws InvalidTransition it is not confirmed
     */
    public Order shipped(Instant now) {
        if (status != OrderStatus.CONFIRMED) {
            throw new InvalidTransition(id, status, Transition.SHIPMENT);
        }
        return change(now)
                .status(OrderStatus.SHIPPED)
                .happened(TimelineEntry.Type.SHIPPED, null)
                .build();
    }

    /**
     * It is with the customer.
     *
     * @throws InvalidTransition it is not shipped
     */
    public Order delivered(Instant now) {
        if (status != OrderStatus.SHIPPED) {
            throw new InvalidTransition(id, status, Transition.DELIVERY);
        }
        return change(now)
                .status(OrderStatus.DELIVERED)
                .happened(TimelineEntry.Type.DELIVERED, null)
                .build();
    }

    /**
     * It came back: the payment is to be refunded and the stock to be put back.
     *
     * @throws InvalidTransition it was not shipped
     */
    public Order returned(Instant now) {
        if (!RETURNABLE.contains(status)) {
            throw new InvalidTransition(id, status, Transition.RETURN);
        }
        return change(now)
                .status(OrderStatus.RETURNED)
                .payment(refunding(payment))
                .happened(TimelineEntry.Type.RETURNED, null)
                .build();
    }

    /** The catalog gave the held stock free. */
    public Order stockReleased(Instant now) {
        return change(now).happened(TimelineEntry.Type.STOCK_RELEASED, null).build();
    }

    /** The catalog put the sold stock back. */
    public Order stockReturned(Instant now) {
        return change(now).happened(TimelineEntry.Type.STOCK_RETURNED, null).build();
    }

    /** After a cancellation it turned out that the charge had not been taken and never will be. */
    public Order paymentStopped(Payment charge, Instant now) {
        expect(OrderStatus.CANCELLED);
        return change(now)
                .payment(charge)
                .clearPaymentToken()
                .happened(TimelineEntry.Type.PAYMENT_STOPPED, null)
                .build();
    }

    /** After a cancellation it turned out that the charge had been taken: it is to be refunded. */
    public Order paymentFoundTaken(Payment charge, Instant now) {
        expect(OrderStatus.CANCELLED);
        return change(now)
                .payment(charge.with(PaymentStatus.REFUNDING))
                .clearPaymentToken()
                .happened(TimelineEntry.Type.PAYMENT_TAKEN, totals.gross().toString())
                .build();
    }

    /** The provider gave the payment back. */
    public Order refunded(String refundId, Instant now) {
        return change(now)
                .payment(Objects.requireNonNull(payment, "nothing was paid").refunded(refundId))
                .happened(TimelineEntry.Type.REFUNDED, totals.gross().toString())
                .build();
    }

    /** Returns whether this customer may see it. */
    public boolean isOf(String customer) {
        return customerId.equals(customer);
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

    /** Collects one transition, so that each states only what it changes. */
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
            // a clock that was set back does not make an order younger
            this.now = now.isBefore(order.updatedAt) ? order.updatedAt : now;
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

        Change happened(TimelineEntry.Type type, @Nullable String detail) {
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
