package dev.feira.order.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.feira.order.domain.DeliveryAddress;
import dev.feira.order.domain.LocalizedText;
import dev.feira.order.domain.Money;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderLine;
import dev.feira.order.domain.OrderStatus;
import dev.feira.order.domain.Payment;
import dev.feira.order.domain.PaymentStatus;
import dev.feira.order.domain.Rejection;
import dev.feira.order.domain.RejectionReason;
import dev.feira.order.domain.Shortage;
import dev.feira.order.domain.TimelineEntry;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

class JdbcOrdersTests {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.123456Z");
    private static JdbcClient jdbc;
    private static TransactionTemplate transaction;
    private static JdbcOrders orders;

    @BeforeAll
    static void migrate() {
        var database = MigratedDatabase.fresh();
        jdbc = database.jdbc();
        transaction = database.transaction();
        orders = new JdbcOrders(jdbc);
    }

    private static Order placed() {
        var order = Order.place(
                UUID.randomUUID(),
                "ana",
                List.of(
                        new OrderLine(
                                "A-1",
                                new LocalizedText("\"Apple\" \\ 'red'", "Maçã"),
                                "kg",
                                null,
                                2,
                                Money.euros("3.20"),
                                new BigDecimal("0.0600")),
                        new OrderLine(
                                "B-2",
                                new LocalizedText("Bread", "Pão"),
                                "loaf",
                                "/p.webp",
                                999,
                                Money.euros("0.01"),
                                new BigDecimal("0.2300"))),
                new DeliveryAddress("Ana Sá", "Rua 1", "4000-001", "Porto", "PT"),
                "tok_1",
                NOW);
        transaction.executeWithoutResult(status -> orders.add(order));
        return order;
    }

    private static void update(Order order) {
        transaction.executeWithoutResult(status -> orders.update(order));
    }

    @Test
    void readsOrderAsWritten() {
        var order = placed();
        assertThat(orders.find(order.id())).contains(order);
        var rejected = order.rejected(
                new Rejection(RejectionReason.OUT_OF_STOCK, "none", List.of(new Shortage("A-1", 2, 1))),
                new Payment(PaymentStatus.DECLINED, "ch", "visa", "4242", "no", null),
                NOW.plusSeconds(1));
        update(rejected);
        assertThat(orders.find(order.id())).contains(rejected);
        assertThat(orders.find(UUID.randomUUID())).isEmpty();
    }

    @Test
    void rejectsUpdateOfStaleOrder() {
        var order = placed();
        update(order.reserved(NOW));
        assertThatExceptionOfType(OptimisticLockingFailureException.class)
                .isThrownBy(() -> update(order.cancelled("by staff", false, NOW)));
        assertThat(orders.find(order.id()).orElseThrow().status()).isEqualTo(OrderStatus.RESERVED);
    }

    @Test
    void readsCommittedChangesAfterWaitingForLock() {
        var order = placed();
        var seen = new CompletableFuture<Order>();
        transaction.executeWithoutResult(status -> {
            var locked = orders.lock(order.id()).orElseThrow();
            Thread.ofVirtual().start(() -> {
                try {
                    seen.complete(
                            transaction.execute(inner -> orders.lock(order.id()).orElseThrow()));
                } catch (RuntimeException e) {
                    seen.completeExceptionally(e);
                }
            });
            await().until(() -> jdbc.sql("""
                            select count(*) from pg_stat_activity
                             where datname = current_database() and wait_event_type = 'Lock'""").query(Long.class).single() == 1);
            orders.update(locked.reserved(NOW));
        });
        assertThat(seen.join().status()).isEqualTo(OrderStatus.RESERVED);
        assertThat(seen.join().timeline())
                .extracting(TimelineEntry::type)
                .containsExactly(TimelineEntry.Type.PLACED, TimelineEntry.Type.STOCK_RESERVED);
    }

    @Test
    void rejectsInconsistentTotalsInDatabase() {
        var order = placed();
        assertThatExceptionOfType(org.springframework.dao.DataIntegrityViolationException.class)
                .isThrownBy(() -> jdbc.sql("update orders set gross = gross + 0.01 where id = :id")
                        .param("id", order.id())
                        .update());
    }
}
