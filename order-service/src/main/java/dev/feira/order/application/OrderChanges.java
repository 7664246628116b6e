package dev.feira.order.application;

import dev.feira.order.domain.ErasedCustomers;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderChange;
import dev.feira.order.domain.OrderNotFound;
import dev.feira.order.domain.Orders;
import dev.feira.order.events.OrderEvents;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Stores changes of orders and their events in the caller's transaction, and publishes them when it has committed. */
@Component
class OrderChanges {

    private final Orders orders;
    private final ErasedCustomers erased;
    private final OrderEvents events;
    private final OrderWatch watch;
    private final MeterRegistry meters;

    OrderChanges(Orders orders, ErasedCustomers erased, OrderEvents events, OrderWatch watch, MeterRegistry meters) {
        this.orders = orders;
        this.erased = erased;
        this.events = events;
        this.watch = watch;
        this.meters = meters;
    }

    /** Adds a new order. */
    @Transactional(propagation = Propagation.MANDATORY)
    void add(Order order) {
        orders.add(order);
        afterCommit(() -> meters.counter("feira.orders.placed").increment());
    }

    /**
     * Changes an order under its row lock.
     *
     * @param transition returns the same instance where there is nothing to change
     * @throws OrderNotFound there is no order with this id
     */
    @Transactional(propagation = Propagation.MANDATORY)
    OrderChange change(UUID id, UnaryOperator<Order> transition) {
        return store(orders.lock(id).orElseThrow(() -> new OrderNotFound(id)), transition);
    }

    /**
     * Changes an order whose row lock the caller's transaction holds. Reads it only where it was changed since it was read.
     *
     * @param read the order as it was read before
     * @param version its version under the lock
     */
    @Transactional(propagation = Propagation.MANDATORY)
    OrderChange changeLocked(Order read, int version, UnaryOperator<Order> transition) {
        var current = read.version() == version
                ? read
                : orders.find(read.id()).orElseThrow(() -> new OrderNotFound(read.id()));
        return store(current, transition);
    }

    private OrderChange store(Order before, UnaryOperator<Order> transition) {
        var after = transition.apply(before);
        if (after == before) {
            return new OrderChange(before, before);
        }
        orders.update(after);
        var change = new OrderChange(before, withoutErasedPerson(before, after));
        events.record(change);
        afterCommit(() -> publish(change));
        return change;
    }

    private Order withoutErasedPerson(Order before, Order after) {
        var isLastUse = before.status().needsAddress() && !after.status().needsAddress();
        return isLastUse && erased.anonymise(after) ? after.withoutPerson() : after;
    }

    private void publish(OrderChange change) {
        var order = change.after();
        if (change.entered(order.status()) && order.status().isSettled()) {
            var rejection = order.rejection();
            meters.counter(
                            "feira.orders.settled",
                            "status",
                            order.status().name(),
                            "reason",
                            rejection == null ? "" : rejection.reason().name())
                    .increment();
        }
        watch.changed(order);
    }

    private static void afterCommit(Runnable action) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                action.run();
            }
        });
    }
}
