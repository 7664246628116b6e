package dev.feira.order.saga;

import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderChange;
import dev.feira.order.domain.OrderStatus;
import dev.feira.order.domain.PaymentStatus;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Defines which steps follow a change of an order. {@code OrderSaga} calls the participant of a step and changes the order.
 * A step that was attempted counts as well: its effect may exist although the order does not show it.
 *
 * <pre>
 * PLACED ─ RESERVE_STOCK ─► RESERVED ─ CHARGE_PAYMENT, AWAIT_PAYMENT if pending ─► PAID ─ CONFIRM_STOCK ─► CONFIRMED.
 * REJECTED:  RELEASE_STOCK; REFUND_PAYMENT if it was paid.
 * CANCELLED: RELEASE_STOCK, or RETURN_STOCK after CONFIRMED; REFUND_PAYMENT if it was paid, STOP_PAYMENT if it may be charged.
 * RETURNED:  RETURN_STOCK, REFUND_PAYMENT.
 * </pre>
 */
public final class SagaPlan {

    private static final Set<OrderStatus> COMPENSATED =
            EnumSet.of(OrderStatus.REJECTED, OrderStatus.CANCELLED, OrderStatus.RETURNED);
    private static final Set<OrderStatus> STOCK_RESERVED = EnumSet.of(OrderStatus.RESERVED, OrderStatus.PAID);
    private static final Set<OrderStatus> STOCK_CONFIRMED =
            EnumSet.of(OrderStatus.CONFIRMED, OrderStatus.SHIPPED, OrderStatus.DELIVERED);

    private SagaPlan() {}

    /**
     * Returns the step that brings an order closer to CONFIRMED; none for a settled order.
     *
     * @param payment the status of its payment; null until the provider has responded
     */
    static Optional<SagaStep> next(OrderStatus status, @Nullable PaymentStatus payment) {
        return switch (status) {
            case PLACED -> Optional.of(SagaStep.RESERVE_STOCK);
            case RESERVED ->
                Optional.of(payment == PaymentStatus.PENDING ? SagaStep.AWAIT_PAYMENT : SagaStep.CHARGE_PAYMENT);
            case PAID -> Optional.of(SagaStep.CONFIRM_STOCK);
            case CONFIRMED, SHIPPED, DELIVERED, REJECTED, CANCELLED, RETURNED -> Optional.empty();
        };
    }

    /**
     * Returns the steps that a change of an order requires.
     *
     * @param attempted the steps whose effect may exist although the order does not show it
     */
    static List<SagaStep> after(OrderChange change, Set<SagaStep> attempted) {
        var order = change.after();
        var steps = new ArrayList<SagaStep>();
        if (change.entered(order.status()) || change.entered(PaymentStatus.PENDING)) {
            next(order.status(), order.paymentStatus()).ifPresent(steps::add);
        }
        if (change.entered(order.status()) && COMPENSATED.contains(order.status())) {
            compensation(change, attempted, steps);
        }
        if (change.entered(PaymentStatus.REFUNDING)) {
            steps.add(SagaStep.REFUND_PAYMENT);
        }
        return steps;
    }

    private static void compensation(OrderChange change, Set<SagaStep> attempted, List<SagaStep> steps) {
        if (STOCK_CONFIRMED.contains(change.before().status())) {
            steps.add(SagaStep.RETURN_STOCK);
        } else if (attempted.contains(SagaStep.RESERVE_STOCK)
                || STOCK_RESERVED.contains(change.before().status())) {
            steps.add(SagaStep.RELEASE_STOCK);
        }
        if (mayBeCharged(change.after(), attempted)) {
            steps.add(SagaStep.STOP_PAYMENT);
        }
    }

    /** Returns whether a charge was requested that the provider may still take. */
    public static boolean mayBeCharged(Order order, Set<SagaStep> attempted) {
        return order.paymentStatus() == PaymentStatus.PENDING
                || (order.paymentStatus() == null && attempted.contains(SagaStep.CHARGE_PAYMENT));
    }
}
