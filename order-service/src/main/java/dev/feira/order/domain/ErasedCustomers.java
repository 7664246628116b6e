package dev.feira.order.domain;

import java.time.Instant;

/**
 * The customers whose accounts are erased. Each of their orders loses the person as soon as its address is not needed. That is
 * name, street, postal code and city, and the recorded response of its idempotency key.
 */
public interface ErasedCustomers {

    /**
     * Adds a customer, and removes the person from the orders that need no address, in the caller's transaction. Waits for
     * changes of the customer's orders that are under way. Does no harm if repeated.
     */
    void add(String customerId, Instant at);

    /**
     * Removes the person from a stored order that needs no address any more, in the caller's transaction.
     *
     * @return whether the customer is erased; otherwise nothing is changed
     */
    boolean anonymise(Order order);

    /**
     * Removes persons from orders that {@link #anonymise} did not see: those changed by an earlier version of this service, or
     * at the very moment of the erasure.
     *
     * @return the number of orders
     */
    int anonymiseMissed();
}
