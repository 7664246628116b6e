package dev.feira.order.application;

import dev.feira.order.domain.OrderState;
import dev.feira.order.domain.Orders;
import java.time.Duration;
import java.util.Map;
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
 * Lets requests wait until an order changes. A change made by this replica is told at once, in memory; those of other
 * replicas are found by one query for all awaited orders together, at a fixed interval while anyone waits. That costs
 * four small queries a second however many wait. PostgreSQL's NOTIFY would tell sooner, but takes a lock that orders
 * all commits of the database, and a connection for each replica that no pooler can share.
 */
@Component
class OrderWatch implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OrderWatch.class);

    private final Orders orders;
    private final Map<UUID, Set<Waiter>> waiting = new ConcurrentHashMap<>();
    private volatile boolean closed = true;

    private record Waiter(Predicate<OrderState> enough, CompletableFuture<Boolean> notified) {

        void notifyWaiters(OrderState state) {
            if (enough.test(state)) {
                notified.complete(true);
            }
        }
    }

    OrderWatch(Orders orders) {
        this.orders = orders;
    }

    /** Returns when the order's state is enough, when the limit is over, or when the service is going down. */
    void await(UUID id, Predicate<OrderState> enough, Duration limit) {
        if (!limit.isPositive() || closed) {
            return;
        }
        var waiter = new Waiter(enough, new CompletableFuture<>());
        waiting.compute(id, (key, others) -> {
            var all = others == null ? ConcurrentHashMap.<Waiter>newKeySet() : others;
            all.add(waiter);
            return all;
        });
        try {
            if (closed) {
                return;
            }
            // registered first, read second: a change in between is told
            try {
                orders.states(Set.of(id)).forEach(waiter::notifyWaiters);
            } catch (DataAccessException | TransactionException e) {
                log.debug("An awaited order could not be read", e); // reread() finds it
            }
            waiter.notified.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            // the caller looks for itself what has become of it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.computeIfPresent(id, (key, all) -> {
                all.remove(waiter);
                return all.isEmpty() ? null : all;
            });
        }
    }

    /** Returns whether anyone waits for this order. */
    boolean isAwaited(UUID id) {
        return waiting.containsKey(id);
    }

    /** Tells those who wait; to be called after the change is committed. */
    void changed(OrderState state) {
        var waiters = waiting.get(state.id());
        if (waiters != null) {
            waiters.forEach(waiter -> waiter.notifyWaiters(state));
        }
    }

    @Scheduled(fixedDelayString = "${feira.orders.reread-interval}")
    void reread() {
        var awaited = Set.copyOf(waiting.keySet());
        if (awaited.isEmpty()) {
            return;
        }
        try {
            orders.states(awaited).forEach(this::changed);
        } catch (DataAccessException | TransactionException e) {
            log.debug("Awaited orders could not be read", e);
        }
    }

    @Override
    public void start() {
        closed = false;
    }

    /** Nobody is to be kept waiting by a service that goes. */
    @Override
    public void stop() {
        closed = true;
        waiting.values().forEach(waiters -> waiters.forEach(waiter -> waiter.notified.complete(false)));
    }

    @Override
    public boolean isRunning() {
        return !closed;
    }

    /** After the draining, while which requests are served as ever, and before the web server. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 512;
    }
}
