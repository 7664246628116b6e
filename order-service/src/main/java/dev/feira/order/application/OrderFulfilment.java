package dev.feira.order.application;

import dev.feira.order.domain.InvalidTransition;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderNotFound;
import dev.feira.order.domain.OrderStatus;
import dev.feira.order.domain.Orders;
import dev.feira.order.saga.SagaPlan;
import dev.feira.order.saga.SagaRunner;
import dev.feira.order.saga.SagaStep;
import dev.feira.order.saga.SagaSteps;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Changes orders for customers and staff: cancels, ships, delivers and returns them. The order's row lock decides between
 * these requests and the saga. A repeated request changes nothing and gets the current order.
 */
@Service
public class OrderFulfilment {

    private static final Set<SagaStep> ABANDONED_BY_CANCELLATION =
            EnumSet.of(SagaStep.RESERVE_STOCK, SagaStep.CHARGE_PAYMENT, SagaStep.AWAIT_PAYMENT, SagaStep.CONFIRM_STOCK);

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
     * Cancels an order that was not shipped. The saga compensates in the background.
     *
     * @throws OrderNotFound the order does not exist, or belongs to another customer
     * @throws InvalidTransition the order was shipped, or has ended
     */
    public Order cancel(UUID id, Actor actor) {
        // the customer of an order never changes: this check needs no row lock
        if (!actor.staff()
                && orders.find(id).filter(order -> order.isOf(actor.id())).isEmpty()) {
            throw new OrderNotFound(id);
        }
        var attempted = EnumSet.noneOf(SagaStep.class);
        return change(id, OrderStatus.CANCELLED, attempted, (order, now) -> {
            attempted.addAll(steps.abandon(id, ABANDONED_BY_CANCELLATION));
            return order.cancelled(
                    order.isOf(actor.id()) ? "by the customer" : "by staff",
                    SagaPlan.mayBeCharged(order, attempted),
                    now);
        });
    }

    /**
     * Records that an order was shipped.
     *
     * @throws OrderNotFound the order does not exist
     * @throws InvalidTransition the order is not confirmed
     */
    public Order ship(UUID id) {
        return change(id, OrderStatus.SHIPPED, Set.of(), Order::shipped);
    }

    /**
     * Records that an order was delivered.
     *
     * @throws OrderNotFound the order does not exist
     * @throws InvalidTransition the order is not shipped
     */
    public Order deliver(UUID id) {
        return change(id, OrderStatus.DELIVERED, Set.of(), Order::delivered);
    }

    /**
     * Records that an order was returned. The saga refunds the payment and restocks in the background.
     *
     * @throws OrderNotFound the order does not exist
     * @throws InvalidTransition the order was not shipped
     */
    public Order returnOrder(UUID id) {
        return change(id, OrderStatus.RETURNED, Set.of(), Order::returned);
    }

    private Order change(
            UUID id, OrderStatus goal, Set<SagaStep> attempted, BiFunction<Order, Instant, Order> transition) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var change = changes.change(
                    id, order -> order.status() == goal ? order : transition.apply(order, clock.instant()));
            saga.follow(change, attempted);
            return change.after();
        }));
    }
}
