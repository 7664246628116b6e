package dev.feira.resilience;

import dev.feira.acceptance.Promise;
import dev.feira.acceptance.Card;
import dev.feira.acceptance.Orders;
import dev.feira.acceptance.Reply;
import dev.feira.acceptance.Http;
import dev.feira.acceptance.SignIn;
import dev.feira.acceptance.Person;
import dev.feira.acceptance.AcceptanceTest;
import dev.feira.acceptance.Market;
import dev.feira.acceptance.Feira;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.local.Service;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
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

/** A process that is killed, or hangs, loses nothing that was acknowledged. */
@AcceptanceTest
class CrashTests {

    private static final int AT_ONCE = 12;

    /** {@code -Dfeira.crash.orders=200} for the long run, {@code -Dfeira.crash.rounds=30} for many faults. */
    @ParameterizedTest
    @EnumSource(
            value = Service.class,
            names = {"GATEWAY", "CATALOG", "ORDER", "PAYMENT_SIMULATOR"})
    void ordersSurviveTheSuddenEndOf(Service service) throws Exception {
        var platform = Feira.embedded();
        for (var round = 0; round < Feira.times("feira.crash.rounds", 1); round++) {
            survives(
                    service.module() + " was killed",
                    () -> platform.instances(service).forEach(platform::kill),
                    () -> platform.instances(service).forEach(platform::restart));
        }
    }

    @Test
    void ordersSurviveTheSuddenEndOfPostgres() throws Exception {
        var platform = Feira.embedded();
        for (var round = 0; round < Feira.times("feira.crash.rounds", 1); round++) {
            survives("PostgreSQL was killed", platform::killPostgres, platform::restartPostgres);
        }
    }

    /** A session and its tokens are in the gateway's database: nothing of them is in its memory alone. */
    @Test
    void whoIsSignedInStaysSoWhenTheGatewayIsKilled() throws Exception {
        var platform = Feira.embedded();
        var person = Person.registered();
        try (var browser = SignIn.inTheShop(person.email(), person.password())) {
            platform.instances(Service.GATEWAY).forEach(platform::kill);
            platform.instances(Service.GATEWAY).forEach(platform::restart);

            for (var own : List.of("/api/orders", "/api/users/me")) {
                assertThat(browser.send(Http.request(own).build(), BodyHandlers.ofString())
                                .statusCode())
                        .as(own)
                        .isEqualTo(200);
            }
        }
    }

    /** It wakes when its steps have been done by the other replica. */
    @Test
    void ordersPassByAReplicaOfOrderServiceThatHangs() throws Exception {
        var platform = Feira.embedded();
        var hanging = platform.instances(Service.ORDER).getFirst();
        survivesUntilAllAreAcknowledged(
                "a replica hung", () -> platform.pause(hanging), () -> platform.resume(hanging));
    }

    private static void survives(String what, Fault fault, Fault mended) throws Exception {
        survives(what, fault, mended, false);
    }

    private static void survivesUntilAllAreAcknowledged(String what, Fault fault, Fault mended) throws Exception {
        survives(what, fault, mended, true);
    }

    private interface Fault {
        void happen();
    }

    /** In the middle of orders something happens, and is mended at once or when all orders are acknowledged. */
    private static void survives(String what, Fault fault, Fault mended, boolean mendedLast) throws Exception {
        var count = Feira.times("feira.crash.orders", 40);
        var customer = Person.registered();
        var sku = Market.productWithStock(count);
        var cards = List.of(
                Card.APPROVED.token(), Card.TOLD_TWICE.token(), Card.DECLINED.token(), Card.CONNECTION_CUT.token());
        var acknowledged = new ConcurrentHashMap<String, String>();
        var done = new AtomicInteger();
        var middle = new CountDownLatch(count / 3);
        var over = new AtomicReference<Instant>();
        customer.accessToken();

        try (var threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            var orders = new ArrayList<Callable<Void>>();
            for (var i = 0; i < count; i++) {
                var key = Market.newKey();
                var body = Market.order(sku, 1, cards.get(i % cards.size()));
                orders.add(() -> {
                    acknowledged.put(key, untilAcknowledged(customer, key, body));
                    done.incrementAndGet();
                    middle.countDown();
                    return null;
                });
            }
            var futures = orders.stream().map(threads::submit).toList();

            assertThat(middle.await(2, TimeUnit.MINUTES)).isTrue();
            fault.happen();
            assertThat(done.get()).as("orders acknowledged when " + what).isLessThan(count);
            if (!mendedLast) {
                mended.happen();
                over.set(Instant.now());
            }
            for (var future : futures) {
                future.get(3, TimeUnit.MINUTES);
            }
        } finally {
            if (mendedLast) {
                mended.happen();
                over.set(Instant.now());
            }
        }

        var ends = Orders.awaitEnd(customer, Feira.ENDING);
        assertThat(ends.keySet())
                .as("one order for each key, none lost")
                .containsExactlyInAnyOrderElementsOf(acknowledged.values());
        var confirmed = ends.values().stream().filter("CONFIRMED"::equals).count();
        assertThat(ends.values()).containsOnly("CONFIRMED", "REJECTED");
        assertThat(confirmed).isEqualTo(count - count / cards.size());
        assertThat(Market.available(sku)).isEqualTo(count - (int) confirmed);
        Promise.kept(2, "0 of %d lost when %s", count, what);
        var slowest = ends.keySet().stream()
                .map(order -> ended(customer.get("/api/orders/" + order), over.get()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        assertThat(slowest).as("from the fault's end, or the order").isLessThanOrEqualTo(Feira.ENDING);
        Promise.kept(4, "%s: all %d orders ended within %.1f s of its end", what, count, slowest.toMillis() / 1000.0);
    }

    /** How long after the fault the order ended, or after it was placed where that was later; never less than nothing. */
    private static Duration ended(Reply order, Instant over) {
        var times = new HashMap<String, Instant>();
        order.expect(200)
                .json()
                .at("/timeline")
                .forEach(entry -> times.put(
                        entry.at("/type").asString(),
                        Instant.parse(entry.at("/at").asString())));
        var end = times.containsKey("CONFIRMED") ? times.get("CONFIRMED") : times.get("REJECTED");
        var begin = times.get("PLACED").isAfter(over) ? times.get("PLACED") : over;
        return end.isBefore(begin) ? Duration.ZERO : Duration.between(begin, end);
    }

    /** What a careful client does: the same key again until there is an answer. */
    private static String untilAcknowledged(Person customer, String key, String body) {
        var deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (System.nanoTime() < deadline) {
            try {
                var reply = customer.orderOnce(key, body, 0);
                if (reply.status() == 201) {
                    return reply.at("/id");
                }
                assertThat(reply.status()).as(reply::text).isIn(409, 429, 502, 503, 504);
            } catch (IOException e) {
                // no answer at all: whether the order was taken in is unknown, the key finds it out
            }
            Http.pause(Duration.ofMillis(250));
        }
        throw new AssertionError("No answer within two minutes");
    }
}
