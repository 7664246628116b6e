package dev.feira.order.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.order.fixtures.LoopbackServer;
import dev.feira.order.fixtures.LoopbackServer.Fault;
import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tests how steps share the permits; only the tests poll the table. */
class SagaRunnerTests {

    private TestEnvironment environment;
    private Replica shop;

    @BeforeEach
    void open() {
        environment = new TestEnvironment();
        shop = environment.start(
                "feira.orders.saga.poll-interval=1h",
                "feira.orders.saga.concurrency=1",
                "feira.orders.saga.lease=4m",
                "feira.orders.saga.first-retry=20ms",
                "feira.orders.saga.longest-retry=20ms",
                "resilience4j.timelimiter.instances.payments.timeout-duration=1m",
                "spring.http.serviceclient.payments.read-timeout=1m");
        environment.catalog.sells("A-1", "1.00", 100);
    }

    @AfterEach
    void close() {
        environment.close();
    }

    private List<UUID> place(int count) {
        var placed = new ArrayList<UUID>();
        for (var i = 0; i < count; i++) {
            placed.add(shop.placed("ana", "A-1", 1, "tok_good"));
        }
        return placed;
    }

    private void assertConfirmed(List<UUID> orders) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(orders)
                        .allSatisfy(
                                id -> assertThat(shop.order(id).text("status")).isEqualTo("CONFIRMED")));
    }

    /** Waits until the charges of these orders have failed and are due again. */
    private void awaitRetryableCharges(List<UUID> orders) {
        await().until(() -> shop.bean(JdbcClient.class)
                        .sql("""
                                select count(*) from saga_steps
                                 where order_id = any(:ids) and step = 'CHARGE_PAYMENT' and attempts > 0
                                   and claimed_by is null and finished_at is null and due_at <= now()""")
                        .param("ids", orders.toArray(UUID[]::new))
                        .query(Long.class)
                        .single()
                == orders.size());
    }

    private void restorePayments() {
        environment.payments.healthy();
        shop.bean(CircuitBreakerRegistry.class).circuitBreaker("payments").reset();
    }

    @Test
    void runsWholeBacklogAfterOnePoll() {
        environment.payments.faults((method, path) -> LoopbackServer.BROKEN);
        var orders = new ArrayList<UUID>();
        for (var i = 0; i < 12; i++) {
            var placed = place(1);
            awaitRetryableCharges(placed);
            orders.addAll(placed);
        }
        restorePayments();
        shop.bean(SagaRunner.class).poll();
        assertConfirmed(orders);
    }

    @Test
    void runsRetriedStepBeforeNewSteps() throws InterruptedException {
        environment.payments.faults((method, path) -> LoopbackServer.BROKEN);
        var repeated = place(1);
        awaitRetryableCharges(repeated);
        restorePayments();
        var open = new CountDownLatch(1);
        environment.payments.faults((method, path) -> new Fault.Waits(open));
        var orders = new ArrayList<>(place(1));
        await().until(() -> environment.payments.requests("POST /charges") == 2);
        orders.addAll(place(3));
        await().untilAsserted(() -> assertThat(orders)
                .allSatisfy(id -> assertThat(shop.order(id).text("status")).isEqualTo("RESERVED")));
        shop.bean(SagaRunner.class).poll(); // there is no free permit
        open.countDown();
        assertConfirmed(repeated);
        assertConfirmed(orders);
        var charged = shop.bean(JdbcClient.class)
                .sql("select order_id from saga_steps where step = 'CHARGE_PAYMENT' order by finished_at")
                .query(UUID.class)
                .list();
        assertThat(charged.subList(0, 2)).containsExactly(orders.getFirst(), repeated.getFirst());
    }

    @Test
    void finishesRunningStepAndStartsNoOtherOnStop() throws InterruptedException {
        var open = new CountDownLatch(1);
        environment.payments.faults((method, path) -> new Fault.Waits(open));
        var first = place(1);
        await().until(() -> environment.payments.requests("POST /charges") == 1);
        var waiting = place(2);
        await().untilAsserted(() -> assertThat(waiting)
                .allSatisfy(id -> assertThat(shop.order(id).text("status")).isEqualTo("RESERVED")));
        var runner = shop.bean(SagaRunner.class);
        var stop = Thread.ofVirtual().start(runner::stop);
        await().until(() -> !runner.isRunning());
        open.countDown();
        stop.join();
        assertThat(shop.order(first.getFirst()).text("status")).isEqualTo("PAID");
        assertThat(environment.payments.requests("POST /charges")).isEqualTo(1);
    }
}
