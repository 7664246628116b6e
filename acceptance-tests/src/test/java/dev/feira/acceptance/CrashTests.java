package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.local.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A killed process loses nothing that was acknowledged. */
@AcceptanceTest
class CrashTests {

    private static final int AT_ONCE = 12;

    /** {@code -Dfeira.crash.orders=200} for the long run. */
    @Test
    void ordersSurviveTheSuddenEndOfOrderService() throws Exception {
        survives(Service.ORDER);
    }

    @Test
    void ordersSurviveTheSuddenEndOfCatalogService() throws Exception {
        survives(Service.CATALOG);
    }

    @Test
    void ordersSurviveTheSuddenEndOfThePaymentCompany() throws Exception {
        survives(Service.PAYMENT_SIMULATOR);
    }

    /** All replicas of a service end in the middle of orders, and come back. */
    private static void survives(Service service) throws Exception {
        var platform = Feira.embedded();
        var count = Feira.times("feira.crash.orders", 40);
        var customer = Person.registered();
        var sku = Market.productWithStock(count);
        var cards = List.of(
                Card.APPROVED.token(), Card.TOLD_TWICE.token(), Card.DECLINED.token(), Card.CONNECTION_CUT.token());
        var acknowledged = new ConcurrentHashMap<String, String>();
        var done = new AtomicInteger();
        var middle = new CountDownLatch(count / 3);
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
            platform.instances(service).forEach(platform::kill);
            assertThat(done.get())
                    .as("orders acknowledged when %s was killed", service.module())
                    .isLessThan(count);
            platform.instances(service).forEach(platform::restart);
            for (var future : futures) {
                future.get(2, TimeUnit.MINUTES);
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
