package dev.feira.order.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.feira.defaults.audit.AuditRunner;
import dev.feira.order.fixtures.LoopbackServer.Fault;
import dev.feira.order.fixtures.PaymentServer;
import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.order.fixtures.Watch;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

class OrderAuditTests {

    private final TestEnvironment environment = new TestEnvironment();
    private Replica shop;
    private OrderAudit audit;
    private AuditRunner runner;

    @BeforeEach
    void open() {
        environment.catalog.sells("A-1", "1.00", 10);
        shop = environment.start(
                List.of(Watch.class),
                "feira.orders.audit-wait=100ms",
                "feira.orders.audit-interval=1h",
                "feira.orders.saga.lease=60s",
                // the first calls of a JVM are slow under CPU contention, and a failed audit is not repeated
                "resilience4j.timelimiter.instances.catalog-reservations.timeout-duration=5s",
                "resilience4j.timelimiter.instances.payments.timeout-duration=5s");
        audit = shop.bean(OrderAudit.class);
        runner = shop.bean(AuditRunner.class);
    }

    @AfterEach
    void close() {
        environment.close();
    }

    private double discrepancies() {
        return shop.bean(MeterRegistry.class)
                .get("feira.audit.discrepancies")
                .gauge()
                .value();
    }

    private AuditReport finishedAudit() {
        while (true) {
            try {
                return audit.audit();
            } catch (OrderAudit.UnderWay _) {
                // ask again
            }
        }
    }

    private UUID placed(String card) {
        return shop.placed("ana", "A-1", 1, card);
    }

    private void awaitStatus(UUID order, String status) {
        await().until(() -> shop.bean(JdbcClient.class)
                .sql("select status from orders where id = :id")
                .param("id", order)
                .query(String.class)
                .single()
                .equals(status));
    }

    private void awaitNoStep() {
        await().until(() -> shop.bean(JdbcClient.class)
                        .sql("select count(*) from saga_steps where finished_at is null")
                        .query(Integer.class)
                        .single()
                == 0);
    }

    private void tamperWith(UUID order) {
        shop.bean(JdbcClient.class)
                .sql("update orders set gross = gross + 1, net = net + 1 where id = :id")
                .param("id", order)
                .update();
    }

    @Test
    void returnsTheResultOfAnAuditThatTookLongerThanAMinute() {
        var slow = new CountDownLatch(1);
        environment.payments.faults(
                (method, path) -> path.startsWith("/ledger") ? new Fault.Waits(slow) : PaymentServer.NONE);
        assertThatThrownBy(audit::audit).isInstanceOf(OrderAudit.UnderWay.class);
        shop.bean(Watch.class).advances(Duration.ofSeconds(70));
        slow.countDown();
        await().until(() -> !Double.isNaN(discrepancies()));

        assertThat(finishedAudit().isBalanced()).isTrue();

        assertThat(environment.payments.requests("GET /ledger")).isEqualTo(1);
    }

    @Test
    void comparesOrdersThatTheFirstAuditSkipped() {
        var order = placed("tok_later");
        awaitStatus(order, "RESERVED");
        runner.runScheduled();
        assertThat(discrepancies()).isZero();

        environment.payments.settles(order, true);
        awaitStatus(order, "CONFIRMED");
        awaitNoStep();
        tamperWith(order);
        shop.bean(Watch.class).advances(Duration.ofHours(2));
        runner.runScheduled();

        assertThat(discrepancies()).isPositive();
    }

    @Test
    void comparesAnOrderThatWasUnderWayForLongerThanTheWindow() {
        tamperWithAnOrderThatWasUnderWayForHours();
        runner.runScheduled();

        assertThat(discrepancies()).isPositive();
    }

    @Test
    void comparesSkippedOrdersAfterAnAuditThatFailed() {
        tamperWithAnOrderThatWasUnderWayForHours();
        environment.payments.faults(
                (method, path) -> path.startsWith("/ledger") ? new Fault.Cuts(false) : PaymentServer.NONE);
        runner.runScheduled();
        assertThat(discrepancies()).isNaN();

        environment.payments.faults((method, path) -> PaymentServer.NONE);
        runner.runScheduled();

        assertThat(discrepancies()).isPositive();
    }

    private void tamperWithAnOrderThatWasUnderWayForHours() {
        runner.runScheduled();
        shop.bean(Watch.class).advances(Duration.ofMinutes(5));
        var order = placed("tok_later");
        awaitStatus(order, "RESERVED");
        for (var hour = 0; hour < 4; hour++) {
            runner.runScheduled();
            shop.bean(Watch.class).advances(Duration.ofHours(1).plusMinutes(1));
        }
        runner.runScheduled();
        environment.payments.settles(order, true);
        awaitStatus(order, "CONFIRMED");
        awaitNoStep();
        tamperWith(order);
    }

    @Test
    void reportsAReservationWithOtherGoods() {
        environment.catalog.sells("B-2", "1.00", 10);
        var order = placed("tok_good");
        awaitStatus(order, "CONFIRMED");
        awaitNoStep();
        assertThat(finishedAudit().isBalanced()).isTrue();

        for (var mistake : List.of(Map.of("A-1", 2), Map.of("B-2", 1), Map.of("A-1", 1, "B-2", 1))) {
            environment.catalog.replacesLines(order, mistake);

            assertThat(finishedAudit().discrepancies())
                    .as("%s instead of one A-1", mistake)
                    .singleElement()
                    .satisfies(wrong -> {
                        assertThat(wrong.kind()).isEqualTo(AuditReport.Kind.STOCK);
                        assertThat(wrong.reference()).isEqualTo(order.toString());
                        assertThat(wrong.expected()).isEqualTo("CONFIRMED 1 A-1, being CONFIRMED");
                    });
        }
    }

    @Test
    void failsWhenTheSheetIsLost() {
        var sheets = shop.bean(dev.feira.order.domain.AuditSheets.class);
        var sheet = sheets.begin();
        shop.bean(JdbcClient.class)
                .sql("truncate audit_sheets, audit_money, audit_stock")
                .update();

        assertThatThrownBy(() -> sheets.totals(sheet)).isInstanceOf(DataAccessException.class);
    }
}
