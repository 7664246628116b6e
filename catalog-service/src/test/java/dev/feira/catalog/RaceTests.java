package dev.feira.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.catalog.TestCatalog.Reply;
import dev.feira.catalog.application.ReservationService;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** Sends requests of many buyers to two replicas at the same time. */
@CatalogTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RaceTests {

    private static final int BUYERS = 64;
    private static final int UNITS = 10;

    /** Set {@code -Dfeira.race.rounds=1000} for a long run. */
    private static final int ROUNDS = Integer.getInteger("feira.race.rounds", 10);

    @Autowired
    TestCatalog catalog;

    @Autowired
    JdbcConnectionDetails database;

    @Autowired
    ReservationService reserving;

    Replica other;
    List<TestCatalog> replicas;

    @BeforeAll
    void startReplica() {
        other = Replica.on(database);
        replicas = List.of(catalog, other.catalog());
    }

    @AfterAll
    void stopReplica() {
        other.close();
    }

    @BeforeEach
    void clear() {
        catalog.clear();
    }

    @AfterEach
    void checkThatStockBalances() {
        var audit = catalog.getAs(TestCatalog.STAFF, "/audit");
        assertThat(audit.<Boolean>at("$.balanced")).as(audit.body()).isTrue();
    }

    private TestCatalog replica(int number) {
        return replicas.get(number % replicas.size());
    }

    /** Repeats a request without a response, as order-service does. */
    private static Reply untilAnswered(Callable<Reply> request) throws Exception {
        var reply = request.call();
        while (reply.status() == 503) {
            reply = request.call();
        }
        return reply;
    }

    @Test
    void sellsExactlyTenUnitsTo64Buyers() throws InterruptedException {
        for (var round = 0; round < ROUNDS; round++) {
            sellTenUnitsTo64Buyers("RARE-" + round);
        }
    }

    private void sellTenUnitsTo64Buyers(String sku) throws InterruptedException {
        catalog.goods(sku, UNITS);

        var replies = Concurrently.all(BUYERS, buyer -> () -> {
            var order = UUID.randomUUID();
            var reply = untilAnswered(() -> replica(buyer).reserve(order, sku, 1));
            if (reply.status() == 201) {
                assertThat(untilAnswered(() -> replica(buyer + 1).confirm(order))
                                .status())
                        .isEqualTo(200);
            }
            return reply;
        });

        assertThat(replies).filteredOn(reply -> reply.status() == 201).hasSize(UNITS);
        assertThat(replies)
                .filteredOn(reply -> reply.status() != 201)
                .hasSize(BUYERS - UNITS)
                .allSatisfy(reply -> assertThat(reply.problem()).isEqualTo("out-of-stock"));
        var stock = catalog.getAs(TestCatalog.STAFF, "/products/" + sku + "/stock-movements");
        assertThat(stock.<Integer>at("$.stock.available")).isZero();
        assertThat(stock.<Integer>at("$.stock.sold")).isEqualTo(UNITS);
    }

    @RepeatedTest(5)
    void reservesAllLinesOrNoneInAnyOrder() throws InterruptedException {
        var skus = IntStream.range(0, 5).mapToObj(i -> "GOOD-" + i).toList();
        skus.forEach(sku -> catalog.goods(sku, UNITS));

        var replies = Concurrently.all(BUYERS, buyer -> () -> {
            var order = UUID.randomUUID();
            var lines = new Object[skus.size() * 2];
            // each buyer starts with another product, half of them in reverse order
            for (var i = 0; i < skus.size(); i++) {
                var step = buyer % 2 == 0 ? i : skus.size() - i;
                lines[2 * i] = skus.get((buyer + step) % skus.size());
                lines[2 * i + 1] = 1;
            }
            return untilAnswered(() -> replica(buyer).reserve(order, lines));
        });

        assertThat(replies).extracting(Reply::status).containsOnly(201, 409);
        assertThat(replies).filteredOn(reply -> reply.status() == 201).hasSize(UNITS);
        assertThat(skus).allSatisfy(sku -> assertThat(catalog.available(sku)).isZero());
    }

    @RepeatedTest(5)
    void reservesAllLinesOrNoneWhenOrdersShareProducts() throws InterruptedException {
        var skus = List.of("RED", "GREEN", "BLUE");
        skus.forEach(sku -> catalog.goods(sku, UNITS));

        var replies = Concurrently.all(BUYERS, buyer -> () -> {
            var order = UUID.randomUUID();
            return untilAnswered(
                    () -> replica(buyer).reserve(order, skus.get(buyer % 3), 1, skus.get((buyer + 1) % 3), 1));
        });

        assertThat(replies).extracting(Reply::status).containsOnly(201, 409);
        var left = skus.stream().mapToInt(catalog::available).sum();
        assertThat(replies)
                .filteredOn(reply -> reply.status() == 201)
                .as("two of the goods for each order")
                .hasSize((3 * UNITS - left) / 2);
        assertThat(left).as("units without a pair").isLessThanOrEqualTo(UNITS);
    }

    @Test
    void reservesOnceForConcurrentRepeats() throws InterruptedException {
        catalog.goods("APPLE", 100);
        var order = UUID.randomUUID();

        var replies =
                Concurrently.all(32, i -> () -> untilAnswered(() -> replica(i).reserve(order, "APPLE", 3)));

        assertThat(replies).extracting(Reply::status).containsOnly(200, 201);
        assertThat(replies).filteredOn(reply -> reply.status() == 201).hasSize(1);
        assertThat(catalog.available("APPLE")).isEqualTo(97);
    }

    @Test
    void reservesNothingWhenReleasedConcurrently() throws InterruptedException {
        catalog.goods("APPLE", 100);
        var orders = IntStream.range(0, 30).mapToObj(i -> UUID.randomUUID()).toList();

        Concurrently.all(2 * orders.size(), i -> () -> {
            var order = orders.get(i / 2);
            return untilAnswered(() -> i % 2 == 0
                    ? replica(i / 2).reserve(order, "APPLE", 1)
                    : replica(i / 2 + 1).release(order));
        });

        assertThat(catalog.available("APPLE")).isEqualTo(100);
        assertThat(orders).allSatisfy(order -> {
            assertThat(catalog.reservation(order).<String>at("$.status")).isEqualTo("RELEASED");
            assertThat(catalog.reserve(order, "APPLE", 1).problem()).isEqualTo("reservation-closed");
        });
    }

    @Test
    void sellsGoodsWhenConfirmedDuringExpiry() throws InterruptedException {
        catalog.goods("APPLE", 100);
        var orders = IntStream.range(0, 20).mapToObj(i -> UUID.randomUUID()).toList();
        orders.forEach(order -> {
            catalog.reserve(order, "APPLE", 2);
            catalog.letExpire(order);
        });
        var otherReserving = other.context().getBean(ReservationService.class);

        Concurrently.all(orders.size() + 4, i -> () -> {
            if (i < orders.size()) {
                var reply = untilAnswered(() -> replica(i).confirm(orders.get(i)));
                assertThat(reply.status()).isEqualTo(200);
                return reply;
            }
            (i % 2 == 0 ? reserving : otherReserving).expireOverdue(3, Set.of());
            return null;
        });

        assertThat(orders)
                .allSatisfy(order -> assertThat(catalog.reservation(order).<String>at("$.status"))
                        .isEqualTo("CONFIRMED"));
        assertThat(catalog.available("APPLE")).isEqualTo(60);
    }

    @Test
    void tellsOnceThatBuyersMakeProductLow() throws InterruptedException {
        for (var round = 0; round < ROUNDS; round++) {
            var sku = "LOW-" + round;
            catalog.goods(sku, BUYERS);
            catalog.setReorderLevel(sku, BUYERS / 2);

            var replies = Concurrently.all(
                    BUYERS, buyer -> () -> untilAnswered(() -> replica(buyer).reserve(UUID.randomUUID(), sku, 1)));

            assertThat(replies).extracting(Reply::status).containsOnly(201);
            assertThat(catalog.lowStockEvents(sku)).containsExactly(BUYERS / 2L);
        }
    }

    @Test
    void tellsOnceForEachFallWhenBuyersReleaseAndReserve() throws InterruptedException {
        catalog.goods("FIG", 20);
        catalog.goods("PEAR", 20);
        catalog.setReorderLevel("FIG", 10);
        catalog.setReorderLevel("PEAR", 10);

        Concurrently.all(BUYERS, buyer -> () -> {
            var order = UUID.randomUUID();
            var reply = untilAnswered(() -> replica(buyer).reserve(order, "PEAR", 1, "FIG", 1));
            return reply.status() == 201
                    ? untilAnswered(() -> replica(buyer + 1).release(order))
                    : reply;
        });

        // by ones: each fall reaches the level exactly, and the product was above it before
        assertThat(catalog.lowStockEvents("FIG")).allMatch(available -> available == 10);
        assertThat(catalog.lowStockEvents("PEAR")).hasSameSizeAs(catalog.lowStockEvents("FIG"));
        assertThat(catalog.available("FIG")).isEqualTo(20);
    }

    @Test
    void countsConcurrentDeliveriesWasteAndSales() throws InterruptedException {
        catalog.goods("APPLE", 50);

        Concurrently.all(60, i -> () -> switch (i % 3) {
            case 0 -> untilAnswered(() -> replica(i).receive("APPLE", 2));
            case 1 -> untilAnswered(() -> replica(i).post(TestCatalog.STAFF, "/products/APPLE/stock-movements", """
                    {"kind": "WASTE", "quantity": 1, "reason": "Fell down"}"""));
            default -> untilAnswered(() -> replica(i).reserve(UUID.randomUUID(), "APPLE", 1));
        });

        assertThat(catalog.available("APPLE")).isEqualTo(50 + 20 * 2 - 20 - 20);
    }
}
