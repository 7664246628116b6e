package dev.feira.order.domain;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores orders. */
public interface Orders {

    /** Adds a new order, in the caller's transaction. */
    void add(Order order);

    /** Returns the order. */
    Optional<Order> find(UUID id);

    /**
     * Returns the order and locks its row until the caller's transaction ends. The lock serializes the saga and requests.
     */
    Optional<Order> lock(UUID id);

    /**
     * Stores one transition of an order, in the caller's transaction.
     *
     * @param order the order after the transition; its version is one higher than the stored one
     */
    void update(Order order);

    /**
     * Returns one page, newest first.
     *
     * @param after the end of the previous page; null for the first
     * @param limit largest number of orders
     */
    List<OrderSummary> page(OrderFilter filter, @Nullable OrderPosition after, int limit);

    /** Returns whether an order is at exactly this position in the customer's list, or in the list of all orders. */
    boolean isAt(OrderPosition position, @Nullable String customerId);

    /** Returns the states of the existing ones of these orders. */
    List<OrderState> states(Collection<UUID> ids);
}
