package dev.feira.order.application;

import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderNotFound;
import dev.feira.order.domain.OrderState;
import dev.feira.order.domain.Orders;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Changes orders under their row lock, and tells of it once the change is committed. */
@Component
class OrderChanges {

    private final Orders orders;
    private final OrderWatch watch;
    private final MeterRegistry meters;

    OrderChanges(Orders orders, OrderWatch watch, MeterRegistry meters) {
        this.orders = orders;
        this.watch = watch;
        this.meters = meters;
    }

    /** Adds a new order, in the caller's transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    void add(Order order) {
        orders.add(order);
        afterCommit(() -> meters.counter("feira.orders.placed").increment());
    }

    /**
     * Changes an order, in the caller's transaction.
     *
     * @param change returns the same instance where there is nothing to change
     * @return the order after the change
     * @throws OrderNotFound there is none with this id
     */
    @Transactional(propagation = Propagation.MANDATORY)
    Order change(UUID id, UnaryOperator<Order> change) {
        var before = orders.lock(id).orElseThrow(() -> new OrderNotFound(id));
        var after = change.apply(before);
        if (after != before) {
            orders.update(before, after);
            afterCommit(() -> notifyWaiters(before, after));
        }
        return after;
    }

    private void notifyWaiters(Order before, Order after) {
        if (before.status() != after.status() && after.status().isSettled()) {
            var rejection = after.rejection();
            meters.counter(
                            "feira.orders.settled",
                            "status",
                            after.status().name(),
                            "reason",
                            rejection == null ? "" : rejection.reason().name())
                    .increment();
        }
        watch.changed(OrderState.of(after));
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
