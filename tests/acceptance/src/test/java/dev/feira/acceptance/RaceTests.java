package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Concurrent orders for the last units. */
@AcceptanceTest
class RaceTests {

    private static final int BUYERS = 64;
    private static final int UNITS = 10;

    private static List<TestUser> customers;

    @BeforeAll
    static void signIn() {
        // Few accounts with several orders each: registration is slow
        customers = IntStream.range(0, 8).mapToObj(i -> TestUser.registered()).toList();
        customers.forEach(TestUser::accessToken);
    }

    /** {@code -Dfeira.race.rounds=100} for the long run. */
    @Test
    void sellsExactlyTheStock() throws Exception {
        var rounds = TestPlatform.setting("feira.race.rounds", 2);
        for (var round = 1; round <= rounds; round++) {
            race(round);
        }
        PromiseResults.record(1, "%d races of %d buyers for %d units, %d sold in each", rounds, BUYERS, UNITS, UNITS);
    }

    private static void race(int round) throws Exception {
        var sku = Products.createWithStock(UNITS);
        var body = Orders.request(sku, 1, Card.APPROVED.token());
        var buyers = new ArrayList<Callable<String>>();
        for (var i = 0; i < BUYERS; i++) {
            var customer = customers.get(i % customers.size());
            buyers.add(() -> {
                var id = customer.placeOrder(Orders.newIdempotencyKey(), body, 10)
                        .expect(201)
                        .at("/id");
                return customer.awaitFinalStatus(id, TestPlatform.COMPLETION_DEADLINE)
                        .at("/status");
            });
        }

        var statuses = new ArrayList<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var status : threads.invokeAll(buyers)) {
                statuses.add(status.get());
            }
        }

        assertThat(Collections.frequency(statuses, "CONFIRMED"))
                .as("sold in round %d of %s", round, sku)
                .isEqualTo(UNITS);
        assertThat(Collections.frequency(statuses, "REJECTED")).isEqualTo(BUYERS - UNITS);
        assertThat(Products.available(sku)).isZero();
    }
}
