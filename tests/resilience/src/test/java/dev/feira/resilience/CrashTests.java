package dev.feira.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.acceptance.AcceptanceTest;
import dev.feira.acceptance.Card;
import dev.feira.acceptance.Http;
import dev.feira.acceptance.Orders;
import dev.feira.acceptance.Products;
import dev.feira.acceptance.PromiseResults;
import dev.feira.acceptance.Response;
import dev.feira.acceptance.TestPlatform;
import dev.feira.acceptance.TestUser;
import dev.feira.local.Service;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Killed or hung processes lose no acknowledged order. */
@AcceptanceTest
class CrashTests {

    private static final int CONCURRENCY = 12;

    /** {@code -Dfeira.crash.orders=200} for the long run, {@code -Dfeira.crash.rounds=30} for many kills. */
    @ParameterizedTest
    @EnumSource(
            value = Service.class,
            names = {"GATEWAY", "CATALOG", "ORDER", "NOTIFICATION", "PAYMENT_SIMULATOR"})
    void losesNoOrderWhenAServiceIsKilled(Service service) throws Exception {
        var platform = TestPlatform.embedded();
        for (var round = 0; round < TestPlatform.setting("feira.crash.rounds", 1); round++) {
            assertNoOrderIsLost(
                    service.module() + " was killed",
                    () -> platform.instances(service).forEach(platform::kill),
                    () -> platform.instances(service).forEach(platform::restart));
        }
    }

    @Test
    void losesNoOrderWhenPostgresIsKilled() throws Exception {
        var platform = TestPlatform.embedded();
        for (var round = 0; round < TestPlatform.setting("feira.crash.rounds", 1); round++) {
            assertNoOrderIsLost("PostgreSQL was killed", platform::killPostgres, platform::restartPostgres);
        }
    }

    /** Sessions and their tokens are stored in the database. */
    @Test
    void keepsSessionsWhenTheGatewayIsKilled() throws Exception {
        var platform = TestPlatform.embedded();
        var user = TestUser.registered();
        try (var browser = user.signInToShop()) {
            platform.instances(Service.GATEWAY).forEach(platform::kill);
            platform.instances(Service.GATEWAY).forEach(platform::restart);

            for (var own : List.of("/api/orders", "/api/users/me")) {
                assertThat(browser.client()
                                .send(Http.request(own).build(), BodyHandlers.ofString())
                                .statusCode())
                        .as(own)
                        .isEqualTo(200);
            }
        }
    }

    /** The replica resumes after the other one has executed its steps. */
    @Test
    void losesNoOrderWhenAReplicaOfOrderServiceHangs() throws Exception {
        var platform = TestPlatform.embedded();
        var hanging = platform.instances(Service.ORDER).getFirst();
        assertNoLossBeforeTheRepair("a replica hung", () -> platform.pause(hanging), () -> platform.resume(hanging));
    }

    private static void assertNoOrderIsLost(String what, Runnable fault, Runnable repair) throws Exception {
        assertNoOrderIsLost(what, fault, repair, false);
    }

    private static void assertNoLossBeforeTheRepair(String what, Runnable fault, Runnable repair) throws Exception {
        assertNoOrderIsLost(what, fault, repair, true);
    }

    /** Causes a fault during orders, and repairs it immediately or when all orders are acknowledged. */
    private static void assertNoOrderIsLost(String what, Runnable fault, Runnable repair, boolean repairLast)
            throws Exception {
        var count = TestPlatform.setting("feira.crash.orders", 40);
        var customer = TestUser.registered();
        var sku = Products.createWithStock(count);
        var cards = List.of(
                Card.APPROVED.token(),
                Card.NOTIFIED_TWICE.token(),
                Card.DECLINED.token(),
                Card.CONNECTION_CLOSED.token());
        var acknowledged = new ConcurrentHashMap<String, String>();
        var acknowledgements = new AtomicInteger();
        var middle = new CountDownLatch(count / 3);
        var repairedAt = new AtomicReference<Instant>();
        customer.accessToken();

        try (var threads =
                Executors.newFixedThreadPool(CONCURRENCY, Thread.ofVirtual().factory())) {
            var orders = new ArrayList<Callable<Void>>();
            for (var i = 0; i < count; i++) {
                var key = Orders.newIdempotencyKey();
                var body = Orders.request(sku, 1, cards.get(i % cards.size()));
                orders.add(() -> {
                    acknowledged.put(key, placeUntilAcknowledged(customer, key, body));
                    acknowledgements.incrementAndGet();
                    middle.countDown();
                    return null;
                });
            }
            var futures = orders.stream().map(threads::submit).toList();

            assertThat(middle.await(2, TimeUnit.MINUTES)).isTrue();
            fault.run();
            assertThat(acknowledgements.get())
                    .as("orders acknowledged when " + what)
                    .isLessThan(count);
            if (!repairLast) {
                repair.run();
                repairedAt.set(Instant.now());
            }
            for (var future : futures) {
                future.get(3, TimeUnit.MINUTES);
            }
        } finally {
            if (repairLast) {
                repair.run();
                repairedAt.set(Instant.now());
            }
        }

        var statuses = Orders.awaitFinalStatuses(customer, TestPlatform.COMPLETION_DEADLINE);
        assertThat(statuses.keySet())
                .as("one order for each key")
                .containsExactlyInAnyOrderElementsOf(acknowledged.values());
        var confirmed = statuses.values().stream().filter("CONFIRMED"::equals).count();
        assertThat(statuses.values()).containsOnly("CONFIRMED", "REJECTED");
        assertThat(confirmed).isEqualTo(count - count / cards.size());
        assertThat(Products.available(sku)).isEqualTo(count - (int) confirmed);
        PromiseResults.record(2, "0 of %d lost when %s", count, what);
        await("the effects of all events")
                .atMost(TestPlatform.COMPLETION_DEADLINE)
                .untilAsserted(() -> assertEachEventAppliedOnce(customer, statuses));
        PromiseResults.record(13, "%s: %d orders with one mail each, %d sales counted once", what, count, confirmed);
        var slowest = statuses.keySet().stream()
                .map(order -> completionTime(customer.get("/api/orders/" + order), repairedAt.get()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        assertThat(slowest).as("time to the final status").isLessThanOrEqualTo(TestPlatform.COMPLETION_DEADLINE);
        PromiseResults.record(
                4, "%s: all %d orders final within %.1f s of the repair", what, count, slowest.toMillis() / 1000.0);
    }

    /** Each order has one mail to its customer, and each confirmed one is counted once as a sale. */
    private static void assertEachEventAppliedOnce(TestUser customer, Map<String, String> statuses) {
        assertThat(TestUser.staff().get("/api/audits/catalog").expect(200).at("/uncountedSales"))
                .isEqualTo("0");
        assertThat(mailsAboutOrders(customer))
                .containsExactlyInAnyOrderElementsOf(statuses.entrySet().stream()
                        .map(order -> "ORDER_" + order.getValue() + " " + order.getKey())
                        .toList());
    }

    private static List<String> mailsAboutOrders(TestUser customer) {
        var mails = new ArrayList<String>();
        String cursor = null;
        do {
            var page = customer.get("/api/mails/mine?limit=100" + (cursor == null ? "" : "&cursor=" + cursor))
                    .expect(200);
            page.json().at("/items").forEach(mail -> {
                if (mail.at("/kind").asString().startsWith("ORDER_")) {
                    mails.add(mail.at("/kind").asString() + " "
                            + mail.at("/reference").asString());
                }
            });
            cursor = page.at("/nextCursor");
        } while (cursor != null);
        return mails;
    }

    /** Returns the time from the repair, or from the later placement, to the final status; never negative. */
    private static Duration completionTime(Response order, Instant repairedAt) {
        var times = new HashMap<String, Instant>();
        order.expect(200)
                .json()
                .at("/timeline")
                .forEach(entry -> times.put(
                        entry.at("/type").asString(),
                        Instant.parse(entry.at("/at").asString())));
        var end = times.containsKey("CONFIRMED") ? times.get("CONFIRMED") : times.get("REJECTED");
        var start = times.get("PLACED").isAfter(repairedAt) ? times.get("PLACED") : repairedAt;
        return end.isBefore(start) ? Duration.ZERO : Duration.between(start, end);
    }

    /** Repeats the request with the same key until a response arrives, and returns the id of the order. */
    private static String placeUntilAcknowledged(TestUser customer, String key, String body) {
        var deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (System.nanoTime() < deadline) {
            try {
                var response = customer.placeOrderOnce(key, body, 0);
                if (response.status() == 201) {
                    return response.at("/id");
                }
                assertThat(response.status()).as(response::text).isIn(409, 429, 502, 503, 504);
            } catch (IOException e) {
                // the outcome is unknown: repeat with the same key
            }
            Http.pause(Duration.ofMillis(250));
        }
        throw new AssertionError("No response within two minutes");
    }
}
