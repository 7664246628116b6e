package dev.feira.order.application;

import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderFilter;
import dev.feira.order.domain.OrderNotFound;
import dev.feira.order.domain.OrderPosition;
import dev.feira.order.domain.OrderSummary;
import dev.feira.order.domain.Orders;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Shows orders to those who may see them. */
@Service
public class OrderHistory {

    private final Orders orders;
    private final OrderWatch watch;

    OrderHistory(Orders orders, OrderWatch watch) {
        this.orders = orders;
        this.watch = watch;
    }

    /** A position that is no place in the list: made up, or of someone else's list. */
    public static final class InvalidPosition extends RuntimeException {
        InvalidPosition() {
            super("The cursor does not belong to this list.");
        }
    }

    /**
     * Returns the order.
     *
     * @throws OrderNotFound there is none, or it is another customer's
     */
    public Order order(UUID id, Actor actor) {
        return orders.find(id)
                .filter(order -> actor.staff() || order.isOf(actor.id()))
                .orElseThrow(() -> new OrderNotFound(id));
    }

    /**
     * Returns the order once it has another version than this, or as it is when the time is over.
     *
     * @throws OrderNotFound there is none, or it is another customer's
     */
    public Order changedOrder(UUID id, Actor actor, int version, Duration limit) {
        var order = order(id, actor);
        if (order.version() != version) {
            return order;
        }
        watch.await(id, state -> state.version() != version, limit);
        return order(id, actor);
    }

    /**
     * Returns one page of orders, newest first.
     *
     * @param filter for a customer, its own id must be in it
     * @param after where the page before ended; null for the first
     * @param limit 1 to 101
     * @throws InvalidPosition there is no order of this list at {@code after}
     */
    public List<OrderSummary> page(OrderFilter filter, @Nullable OrderPosition after, int limit) {
        // orders are never deleted, so a genuine cursor names one: no secret is needed to tell it from a made-up one
        if (after != null && !orders.isAt(after, filter.customerId())) {
            throw new InvalidPosition();
        }
        return orders.page(filter, after, limit);
    }
}
