package dev.feira.order.domain;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All orders. */
public interface Orders {

    /** Adds a new order, in the caller's transaction. */
    void add(Order order);

    /** Returns the order as it is now. */
    Optional<Order> find(UUID id);

    /**
     * Returns the order and keeps every other transaction from changing it until the caller's ends. This row lock is
     * what decides between a step of the saga and a person.
     */
    Optional<Order> lock(UUID id);

    /**
     * Stores what happened to an order, in the caller's transaction.
     *
     * @param before as {@link #lock} returned it
     * @param after the same order after one or more transitions
     */
    void update(Order before, Order after);

    /**
     * Returns one page, newest first.
     *
     * @param after where the page before ended; null for the first
     * @param limit at most this many
     */
    List<OrderSummary> page(OrderFilter filter, @Nullable OrderPosition after, int limit);

    /** Returns whether there is an order at exactly this position in the list of this customer, or of everyone. */
    boolean isAt(OrderPosition position, @Nullable String customerId);

    /** Returns the present states of those of these orders that exist. */
    List<OrderState> states(Collection<UUID> ids);
}
