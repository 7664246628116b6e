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

/** Reservations end by themselves, whichever replica sees it. */
@CatalogTest
class ExpiryTests {

    @Autowired
    TestCatalog market;

    @Autowired
    ReservationService reserving;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionTemplate transaction;

    @Autowired
    JdbcConnectionDetails database;

    @BeforeEach
    void aHundredApplesAndPears() {
        market.clear();
        market.goods("APPLE", 100);
        market.goods("PEAR", 100);
    }

    @Test
    void aReservationEndsByItselfWhenItsTimeIsOver() {
        try (var replica = Replica.on(
                database, "feira.catalog.reservations.hold=1s", "feira.catalog.reservations.sweep-interval=50ms")) {
            var order = UUID.randomUUID();
            assertThat(replica.market().reserve(order, "APPLE", 5).status()).isEqualTo(201);

            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            market.reservation(order).<String>at("$.status").equals("EXPIRED"));
            assertThat(market.available("APPLE")).isEqualTo(100);
        }
    }

    @Test
    void oneReservationThatCannotBeEndedDoesNotHoldUpTheOthers() {
        var wrong = UUID.randomUUID();
        var right = UUID.randomUUID();
        market.reserve(wrong, "APPLE", 5);
        market.reserve(right, "PEAR", 5);
        jdbc.sql("update stock set reserved = reserved - 5, available = available + 5 where sku = 'APPLE'")
                .update();
        market.letExpire(wrong);
        market.letExpire(right);
        try (var replica = Replica.on(
                database,
                "feira.catalog.reservations.sweep-batch=1",
                "feira.catalog.reservations.sweep-interval=50ms")) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> replica.market()
                            .reservation(right)
                            .<String>at("$.status")
                            .equals("EXPIRED"));
        }
        assertThat(market.reservation(wrong).<String>at("$.status")).isEqualTo("HELD");
    }

    @Test
    void severalSweepersEndEachReservationOnce() throws InterruptedException {
        var orders = IntStream.range(0, 40).mapToObj(i -> UUID.randomUUID()).toList();
        for (var order : orders) {
            if (order.hashCode() % 2 == 0) {
                market.reserve(order, "APPLE", 1, "PEAR", 2);
            } else {
                market.reserve(order, "PEAR", 2, "APPLE", 1);
            }
            market.letExpire(order);
        }

        var ended = Concurrently.all(6, i -> () -> {
            var sum = 0;
            for (int batch; (batch = reserving.expireOverdue(7, Set.of())) > 0; ) {
                sum += batch;
            }
            return sum;
        });

        assertThat(ended.stream().mapToInt(Integer::intValue).sum()).isEqualTo(orders.size());
        assertThat(market.available("APPLE")).isEqualTo(100);
        assertThat(market.available("PEAR")).isEqualTo(100);
        assertThat(market.getAs(TestCatalog.STAFF, "/audit").<Boolean>at("$.balanced"))
                .isTrue();
    }

    @Test
    void aSweeperDoesNotWaitForAReservationThatAnotherOneHolds() {
        var held = UUID.randomUUID();
        var free = UUID.randomUUID();
        market.reserve(held, "APPLE", 1);
        market.reserve(free, "PEAR", 1);
        market.letExpire(held);
        market.letExpire(free);

        transaction.executeWithoutResult(status -> {
            jdbc.sql("select order_id from reservations where order_id = :order for update")
                    .param("order", held)
                    .query(UUID.class)
                    .single();
            var meanwhile = CompletableFuture.supplyAsync(() -> reserving.expireOverdue(100, Set.of()));
            assertThat(meanwhile.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(1);
        });

        assertThat(market.reservation(free).<String>at("$.status")).isEqualTo("EXPIRED");
        assertThat(market.reservation(held).<String>at("$.status")).isEqualTo("HELD");
        assertThat(reserving.expireOverdue(100, Set.of())).isEqualTo(1);
    }
}
