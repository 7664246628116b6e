package dev.feira.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.catalog.application.ReservationService;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Tests the expiry on several replicas. */
@CatalogTest
class ExpiryTests {

    @Autowired
    TestCatalog catalog;

    @Autowired
    ReservationService reserving;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionTemplate transaction;

    @Autowired
    JdbcConnectionDetails database;

    @BeforeEach
    void addProducts() {
        catalog.clear();
        catalog.goods("APPLE", 100);
        catalog.goods("PEAR", 100);
    }

    @Test
    void expiresOverdueReservation() {
        try (var replica = Replica.on(
                database, "feira.catalog.reservations.hold=1s", "feira.catalog.reservations.sweep-interval=50ms")) {
            var order = UUID.randomUUID();
            assertThat(replica.catalog().reserve(order, "APPLE", 5).status()).isEqualTo(201);

            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            catalog.reservation(order).<String>at("$.status").equals("EXPIRED"));
            assertThat(catalog.available("APPLE")).isEqualTo(100);
        }
    }

    @Test
    void expiresOtherReservationsWhenOneIsInconsistent() {
        var wrong = UUID.randomUUID();
        var right = UUID.randomUUID();
        catalog.reserve(wrong, "APPLE", 5);
        catalog.reserve(right, "PEAR", 5);
        jdbc.sql("update stock set reserved = reserved - 5, available = available + 5 where sku = 'APPLE'")
                .update();
        catalog.letExpire(wrong);
        catalog.letExpire(right);
        try (var replica = Replica.on(
                database,
                "feira.catalog.reservations.sweep-batch=1",
                "feira.catalog.reservations.sweep-interval=50ms")) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> replica.catalog()
                            .reservation(right)
                            .<String>at("$.status")
                            .equals("EXPIRED"));
        }
        assertThat(catalog.reservation(wrong).<String>at("$.status")).isEqualTo("HELD");
    }

    @Test
    void expiresEachReservationOnceOnSeveralReplicas() throws InterruptedException {
        var orders = IntStream.range(0, 40).mapToObj(i -> UUID.randomUUID()).toList();
        for (var order : orders) {
            if (order.hashCode() % 2 == 0) {
                catalog.reserve(order, "APPLE", 1, "PEAR", 2);
            } else {
                catalog.reserve(order, "PEAR", 2, "APPLE", 1);
            }
            catalog.letExpire(order);
        }

        var ended = Concurrently.all(6, i -> () -> {
            var sum = 0;
            for (int batch; (batch = reserving.expireOverdue(7, Set.of())) > 0; ) {
                sum += batch;
            }
            return sum;
        });

        assertThat(ended.stream().mapToInt(Integer::intValue).sum()).isEqualTo(orders.size());
        assertThat(catalog.available("APPLE")).isEqualTo(100);
        assertThat(catalog.available("PEAR")).isEqualTo(100);
        assertThat(catalog.getAs(TestCatalog.STAFF, "/audit").<Boolean>at("$.balanced"))
                .isTrue();
    }

    @Test
    void skipsReservationLockedByAnotherReplica() {
        var held = UUID.randomUUID();
        var free = UUID.randomUUID();
        catalog.reserve(held, "APPLE", 1);
        catalog.reserve(free, "PEAR", 1);
        catalog.letExpire(held);
        catalog.letExpire(free);

        transaction.executeWithoutResult(status -> {
            jdbc.sql("select order_id from reservations where order_id = :order for update")
                    .param("order", held)
                    .query(UUID.class)
                    .single();
            var meanwhile = CompletableFuture.supplyAsync(() -> reserving.expireOverdue(100, Set.of()));
            assertThat(meanwhile.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(1);
        });

        assertThat(catalog.reservation(free).<String>at("$.status")).isEqualTo("EXPIRED");
        assertThat(catalog.reservation(held).<String>at("$.status")).isEqualTo("HELD");
        assertThat(reserving.expireOverdue(100, Set.of())).isEqualTo(1);
    }
}
