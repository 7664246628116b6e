package dev.feira.order.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.feira.order.domain.OrderState;
import dev.feira.order.domain.OrderStatus;
import dev.feira.order.domain.Orders;
import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.test.TestIdentity;
import java.sql.Connection;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

class OrderWatchTests {

    private static final Duration SOON = Duration.ofSeconds(30);

    private TestEnvironment environment;
    private Replica shop;
    private OrderWatch watch;
    private Drain drain;
    private UUID order;

    /** The drain phase of a stop: the first phase, which ends when the test lets it. */
    static final class Drain implements SmartLifecycle {

        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch end = new CountDownLatch(1);
        private volatile boolean running;

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return Integer.MAX_VALUE;
        }
    }

    @BeforeEach
    void open() {
        environment = new TestEnvironment();
        environment.catalog.sells("A-1", "1.00", 10);
        shop = environment.start(List.of(Drain.class), "feira.orders.max-wait=14s");
        drain = shop.bean(Drain.class);
        watch = shop.bean(OrderWatch.class);
        order = shop.place("ana", "A-1", 1, "tok_good", "Prefer", "wait=10").id();
    }

    @AfterEach
    void close() {
        drain.end.countDown();
        environment.close();
    }

    private Thread waiter(Predicate<OrderState> enough) {
        var thread = Thread.ofVirtual().start(() -> {
            try (var waiter = watch.register(order, enough)) {
                waiter.await(Duration.ofHours(1));
            }
        });
        await().until(() -> watch.isAwaited(order));
        return thread;
    }

    @Test
    void notifiesWaiterOfLocalChange() throws InterruptedException {
        var current = shop.bean(Orders.class).find(order).orElseThrow();
        var waiter = waiter(state -> state.status() == OrderStatus.DELIVERED);
        var shipped = current.shipped(current.updatedAt());
        watch.changed(shipped);
        assertThat(watch.isAwaited(order)).isTrue();
        watch.changed(shipped.delivered(current.updatedAt()));
        assertThat(waiter.join(SOON)).isTrue();
        assertThat(watch.isAwaited(order)).isFalse();
    }

    @Test
    void ignoresChangeBeforeTheVersionThatTheClientHas() throws Exception {
        var older = shop.bean(Orders.class).find(order).orElseThrow();
        var version = older.version() + 1;
        shop.bean(JdbcClient.class)
                .sql("update orders set version = :version")
                .param("version", version)
                .update();
        var read = CompletableFuture.supplyAsync(
                () -> shop.bean(OrderHistory.class)
                        .changedOrder(order, new Actor("ana", false), version, Duration.ofSeconds(1)),
                Executors.newVirtualThreadPerTaskExecutor());
        await().until(() -> watch.isAwaited(order));
        watch.changed(older);
        assertThat(read.get(30, TimeUnit.SECONDS).version()).isEqualTo(version);
    }

    @Test
    void findsChangeOfAnotherReplica() throws InterruptedException {
        var waiter = waiter(state -> state.version() == 99);
        shop.bean(JdbcClient.class).sql("update orders set version = 99").update();
        watch.reread();
        assertThat(waiter.join(SOON)).isTrue();
    }

    @Test
    void notifiesWaitingRequestOfChangeByAnotherReplica() throws Exception {
        var staff = TestIdentity.token("sofia", "staff");
        var other = environment.start();
        var tag = shop.order(order).header("ETag");
        var poll = CompletableFuture.supplyAsync(
                () -> shop.get("/orders/" + order, staff, "If-None-Match", tag, "Prefer", "wait=14"),
                Executors.newVirtualThreadPerTaskExecutor());
        await().until(() -> watch.isAwaited(order));
        other.post("/orders/" + order + "/shipment", staff, "");
        var response = poll.get(7, TimeUnit.SECONDS); // long before the wait is over
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text("status")).isEqualTo("SHIPPED");
    }

    @Test
    void keepsWaitersUntilDrainEnds() throws InterruptedException {
        var waiter = waiter(state -> false);
        var stop = Thread.ofVirtual().start(shop::close);
        drain.begun.await();
        assertThat(watch.isRunning()).isTrue();
        assertThat(watch.isAwaited(order)).isTrue();
        drain.end.countDown();
        assertThat(waiter.join(SOON)).isTrue();
        stop.join();
    }

    /** Waits longer than the pool's connection timeout and shorter than the retries. */
    @Test
    void retriesRecordingTheResponseWhenThePoolIsEmpty() throws Exception {
        var jdbc = shop.bean(JdbcClient.class);
        var place = CompletableFuture.supplyAsync(
                () -> shop.place("ana", "A-1", 1, "tok_later", "Prefer", "wait=10"),
                Executors.newVirtualThreadPerTaskExecutor());
        var placed = await().until(
                        () -> jdbc.sql("select id from orders where status = 'RESERVED'")
                                .query(UUID.class)
                                .optional(),
                        Optional::isPresent)
                .orElseThrow();
        await().until(() -> watch.isAwaited(placed));

        var pool = shop.bean(HikariDataSource.class);
        var all = new ArrayList<Connection>();
        while (all.size() < pool.getMaximumPoolSize()) {
            try {
                all.add(pool.getConnection());
            } catch (SQLTransientConnectionException _) { // with CPU contention the pool opens none within its timeout
                assertThat(pool.isRunning()).isTrue();
            }
        }
        watch.stop(); // ends the wait; the order has to be read
        assertThatThrownBy(() -> place.get(3 * pool.getConnectionTimeout() / 2, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        for (var connection : all) {
            connection.close();
        }

        assertThat(place.get().status()).isEqualTo(201);
    }
}
