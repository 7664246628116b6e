package dev.feira.order.application;

import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderNotFound;
import dev.feira.order.domain.OrderStatus;
import dev.feira.order.domain.Orders;
import dev.feira.order.domain.Payment;
import dev.feira.order.domain.PaymentStatus;
import dev.feira.order.domain.InvalidTransition;
import dev.feira.order.saga.SagaRunner;
import dev.feira.order.saga.SagaStep;
import dev.feira.order.saga.SagaSteps;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * What people do to orders: cancel, ship, deliver, take back. Each is decided under the order's row lock, against the
 * saga and against each other; each asked for a second time is answered like the first.
 */
@Service
public class OrderFulfilment {

    private final Orders orders;
    private final OrderChanges changes;
    private final SagaSteps steps;
    private final SagaRunner saga;
    private final TransactionOperations transaction;
    private final Clock clock;

    OrderFulfilment(
            Orders orders,
            OrderChanges changes,
            SagaSteps steps,
            SagaRunner saga,
            TransactionOperations transaction,
            Clock clock) {
        this.orders = orders;
        this.changes = changes;
        this.steps = steps;
        this.saga = saga;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Cancels an order that has not left the shop. What the saga has done is undone in the background.
     *
     * @throws OrderNotFound there is none, or it is another customer's
     * @throws InvalidTransition it has left the shop, or has ended otherwise
     */
    public Order cancel(UUID id, Actor actor) {
        // an order's customer never changes: this needs no lock, and a stranger is not to hold one
        if (!actor.staff()
                && orders.find(id).filter(order -> order.isOf(actor.id())).isEmpty()) {
            throw new OrderNotFound(id);
        }
        return change(id, OrderStatus.CANCELLED, (order, now) -> {
            var mayBeCharged = undo(order);
            return order.cancelled(order.isOf(actor.id()) ? "by the customer" : "by staff", mayBeCharged, now);
        });
    }

    /** Returns whether it is open if the card was charged. */
    private boolean undo(Order order) {
        var begun = steps.abandon(
                order.id(),
                EnumSet.of(
                        SagaStep.RESERVE_STOCK,
                        SagaStep.CHARGE_PAYMENT,
                        SagaStep.AWAIT_PAYMENT,
                        SagaStep.CONFIRM_STOCK));
        if (order.status() == OrderStatus.CONFIRMED) {
            steps.append(order.id(), SagaStep.RETURN_STOCK);
        } else if (begun.contains(SagaStep.RESERVE_STOCK)) {
            // also where the reservation or its confirmation is on its way right now: the catalog settles that
            steps.append(order.id(), SagaStep.RELEASE_STOCK);
        }
        if (isPaid(order.payment())) {
            steps.append(order.id(), SagaStep.REFUND_PAYMENT);
            return false;
        }
        var mayBeCharged = begun.contains(SagaStep.CHARGE_PAYMENT);
        if (mayBeCharged) {
            steps.append(order.id(), SagaStep.STOP_PAYMENT);
        }
        return mayBeCharged;
    }

    /**
     * Notes that an order left the shop.
     *
     * @throws OrderNotFound there is none
     * @throws InvalidTransition it is not confirmed
     */
    public Order ship(UUID id) {
        return change(id, OrderStatus.SHIPPED, Order::shipped);
    }

    /**
     * Notes that an order arrived.
     *
     * @throws OrderNotFound there is none
     * @throws InvalidTransition it is not shipped
     */
    public Order deliver(UUID id) {
        return change(id, OrderStatus.DELIVERED, Order::delivered);
    }

    /**
     * Takes an order back: the payment is refunded and the stock put back, in the background.
     *
     * @throws OrderNotFound there is none
     * @throws InvalidTransition it was not shipped
     */
    public Order returnOrder(UUID id) {
        return change(id, OrderStatus.RETURNED, (order, now) -> {
            var returned = order.returned(now);
            steps.append(id, SagaStep.RETURN_STOCK);
            steps.append(id, SagaStep.REFUND_PAYMENT);
            return returned;
        });
    }

    private static boolean isPaid(@Nullable Payment payment) {
        return payment != null && payment.status() == PaymentStatus.PAID;
    }

    private Order change(UUID id, OrderStatus goal, BiFunction<Order, Instant, Order> transition) {
        var changed = transaction.execute(status ->
                changes.change(id, order -> order.status() == goal ? order : transition.apply(order, clock.instant())));
        saga.wake(id);
        return Objects.requireNonNull(changed);
    }
}
