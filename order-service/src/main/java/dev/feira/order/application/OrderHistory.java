package dev.feira.order.application;

import dev.feira.defaults.paging.InvalidCursor;
import dev.feira.events.outbox.Outbox;
import dev.feira.order.domain.IdempotencyKeys;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderFilter;
import dev.feira.order.domain.OrderNotFound;
import dev.feira.order.domain.OrderPosition;
import dev.feira.order.domain.OrderSummary;
import dev.feira.order.domain.Orders;
import dev.feira.order.saga.SagaHistory;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Reads orders for their customers and for staff. */
@Service
public class OrderHistory {

    private final Orders orders;
    private final OrderWatch watch;
    private final IdempotencyKeys keys;
    private final SagaHistory saga;
    private final Outbox outbox;

    OrderHistory(Orders orders, OrderWatch watch, IdempotencyKeys keys, SagaHistory saga, Outbox outbox) {
        this.orders = orders;
        this.watch = watch;
        this.keys = keys;
        this.saga = saga;
        this.outbox = outbox;
    }

    /**
     * Returns the order.
     *
     * @throws OrderNotFound the order does not exist, or belongs to another customer
     */
    public Order order(UUID id, Actor actor) {
        return orders.find(id)
                .filter(order -> actor.staff() || order.isOf(actor.id()))
                .orElseThrow(() -> new OrderNotFound(id));
    }

    /**
     * Waits until the order has a later version, or until the limit is over, and returns it.
     *
     * @throws OrderNotFound the order does not exist, or belongs to another customer
     */
    public Order changedOrder(UUID id, Actor actor, int version, Duration limit) {
        try (var waiter = watch.register(id, state -> state.version() > version)) {
            var order = order(id, actor);
            return order.version() != version || !limit.isPositive()
                    ? order
                    : waiter.await(limit).orElseGet(() -> order(id, actor));
        }
    }

    /**
     * Returns what happened to the order.
     *
     * @throws OrderNotFound the order does not exist, or belongs to another customer
     */
    public OrderExplanation explain(UUID id, Actor actor) {
        var order = order(id, actor);
        return new OrderExplanation(
                order,
                saga.traceId(id).orElse(null),
                keys.replays(order.customerId(), id).orElse(null),
                saga.attempts(id),
                outbox.about(id.toString()));
    }

    /**
     * Returns one page of orders, newest first.
     *
     * @param filter a customer's filter must contain the customer's id
     * @param after the end of the previous page; null for the first
     * @param limit 1 to 101
     * @throws InvalidCursor no order of this list is at {@code after}
     */
    public List<OrderSummary> page(OrderFilter filter, @Nullable OrderPosition after, int limit) {
        // orders are never deleted, so a valid cursor names one: it needs no signature
        if (after != null && !orders.isAt(after, filter.customerId())) {
            throw new InvalidCursor();
        }
        return orders.page(filter, after, limit);
    }
}
