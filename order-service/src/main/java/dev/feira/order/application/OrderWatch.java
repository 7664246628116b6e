package dev.feira.order.application;

import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderState;
import dev.feira.order.domain.Orders;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Lets requests wait for a change of an order. Changes of this replica are published in memory. Changes of other replicas
 * are found by one query for all awaited orders, at a fixed interval. PostgreSQL's NOTIFY would be faster, but takes a
 * lock at each commit of the database and a connection for each replica.
 */
@Component
class OrderWatch implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OrderWatch.class);

    private final Orders orders;
    private final Map<UUID, Set<Waiter>> waiters = new ConcurrentHashMap<>();
    private volatile boolean closed = true;

    OrderWatch(Orders orders) {
        this.orders = orders;
    }

    /** Waits for one order; registered from its creation until it is closed. */
    final class Waiter implements AutoCloseable {

        private final UUID orderId;
        private final Predicate<OrderState> condition;
        private final CompletableFuture<Optional<Order>> result = new CompletableFuture<>();

        private Waiter(UUID orderId, Predicate<OrderState> condition) {
            this.orderId = orderId;
            this.condition = condition;
        }

        /**
         * Waits until the condition is true, the limit is over or the service stops.
         *
         * @return the order, where this replica made the change; otherwise the caller has to read it
         */
        Optional<Order> await(Duration limit) {
            if (!limit.isPositive() || closed) {
                return result.getNow(Optional.empty());
            }
            try {
                return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException _) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }

        private void changed(OrderState state, Optional<Order> order) {
            if (condition.test(state)) {
                result.complete(order);
            }
        }

        @Override
        public void close() {
            waiters.computeIfPresent(orderId, (id, others) -> {
                others.remove(this);
                return others.isEmpty() ? null : others;
            });
        }
    }

    /** Registers a waiter. A caller that reads the order afterwards misses no change. */
    Waiter register(UUID orderId, Predicate<OrderState> condition) {
        var waiter = new Waiter(orderId, condition);
        waiters.compute(orderId, (id, others) -> {
            var all = others == null ? ConcurrentHashMap.<Waiter>newKeySet() : others;
            all.add(waiter);
            return all;
        });
        return waiter;
    }

    /** Returns whether a request waits for this order. */
    boolean isAwaited(UUID id) {
        return waiters.containsKey(id);
    }

    /** Notifies the waiters of a change that this replica has committed. */
    void changed(Order order) {
        changed(OrderState.of(order), Optional.of(order));
    }

    private void changed(OrderState state, Optional<Order> order) {
        var registered = waiters.get(state.id());
        if (registered != null) {
            registered.forEach(waiter -> waiter.changed(state, order));
        }
    }

    @Scheduled(fixedDelayString = "${feira.orders.reread-interval}")
    void reread() {
        var awaited = Set.copyOf(waiters.keySet());
        if (awaited.isEmpty()) {
            return;
        }
        try {
            orders.states(awaited).forEach(state -> changed(state, Optional.empty()));
        } catch (DataAccessException | TransactionException e) {
            log.debug("Cannot read the awaited orders", e);
        }
    }

    @Override
    public void start() {
        closed = false;
    }

    /** Ends all waits, so that the requests get their responses before the web server stops. */
    @Override
    public void stop() {
        closed = true;
        waiters.values().forEach(all -> all.forEach(waiter -> waiter.result.complete(Optional.empty())));
    }

    @Override
    public boolean isRunning() {
        return !closed;
    }

    /** Stops after the drain phase, which serves requests as usual, and before the web server. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 512;
    }
}
