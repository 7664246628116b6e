package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.feira.local.Instance;
import dev.feira.local.Platform;
import dev.feira.local.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A part that is away or hangs hurts nobody else, and only for as long as it is away. */
@AcceptanceTest
class OutageTests {

    /** The promise is 5 s on a machine that does nothing else: {@code -Dfeira.healing=5}. */
    private static final Duration HEALING = Duration.ofSeconds(Feira.times("feira.healing", 20));

    /** Checkout ends within 5 s at the gateway; the rest is this machine's. */
    private static final Duration DEADLINE = Duration.ofSeconds(5).plus(Duration.ofSeconds(2));

    /** The breaker looks at 20 calls and opens when half of them failed. */
    private static final int OPENING = 10;

    @Test
    void browsingGoesOnWhileOrderServiceHangs() throws Exception {
        var platform = Feira.embedded();
        var customer = Person.registered();
        customer.get("/api/orders").expect(200);
        var before = medianOfReads();

        List<Integer> answers = new ArrayList<>();
        Reply afterwards;
        Duration during;
        platform.instances(Service.ORDER).forEach(platform::pause);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = IntStream.range(0, OPENING)
                    .mapToObj(_ -> threads.submit(() -> timely(customer)))
                    .toList();
            for (var one : waiting) {
                answers.add(one.get().status());
            }
            afterwards = timely(customer);
            during = medianOfReads();
        } finally {
            platform.instances(Service.ORDER).forEach(platform::resume);
        }

        assertThat(answers).allSatisfy(status -> assertThat(status).isIn(503, 504));
        // A closed circuit would have let it wait for its deadline, which is 504: an open one asks nobody
        assertThat(afterwards.status()).as(afterwards::text).isEqualTo(503);
        await("orders are served again").atMost(HEALING).until(() -> once(customer, "/api/orders?limit=1") == 200);
        Promise.kept(
                6,
                "browsing took %d ms in the median while order-service hung, %d ms before",
                during.toMillis(),
                before.toMillis());
    }

    @Test
    void aLostDatabaseHurtsOnlyWhileItIsLost() {
        var platform = Feira.embedded();
        var customer = Person.registered();
        var sku = Market.productWithStock(3);
        var token = Card.APPROVED.token();
        var processes = processes(platform);

        customer.get("/api/orders").expect(200); // signed in while that is possible

        platform.killPostgres();
        Reply lost;
        Reply refused;
        try {
            lost = Http.send(
                    customer.as(Http.request("/api/orders?limit=1")).GET().build());
            refused = Http.send(customer.orderRequest(Market.newKey(), Market.order(sku, 1, token), 0));
        } finally {
            platform.restartPostgres();
        }
        var back = System.nanoTime();

        assertThat(lost.status()).as(lost::text).isIn(503, 504);
        assertThat(refused.status()).as(refused::text).isIn(503, 504);
        await("products and orders are served again")
                .atMost(HEALING)
                .until(() ->
                        once(customer, "/api/products/" + sku) == 200 && once(customer, "/api/orders?limit=1") == 200);
        var healed = Duration.ofNanos(System.nanoTime() - back);
        customer.order(Market.newKey(), Market.order(sku, 1, token), 5).expect(201);
        assertThat(processes(platform)).as("no service was restarted").isEqualTo(processes);
        Promise.kept(9, "served again %d ms after the database answered, 0 restarts", healed.toMillis());
    }

    private static Reply timely(Person customer) {
        var begin = System.nanoTime();
        var reply =
                Http.send(customer.as(Http.request("/api/orders?limit=1")).GET().build());
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .as("an answer in time")
                .isLessThan(DEADLINE);
        return reply;
    }

    /** Where the catalog was, a server counts who still asks, and answers all of them with 500. */
    @Test
    void retriesDoNotMultiplyInATotalOutage() throws Exception {
        var platform = Feira.embedded();
        var catalog = platform.instances(Service.CATALOG).getFirst();
        platform.stop(catalog);
        String browsing;
        String quoting;
        try (var sick = new SickService(catalog.port())) {
            browsing = arrivals(
                    "gateway to catalog",
                    sick,
                    () -> Http.send(Http.request("/api/categories").GET().build()));
            var quote = Market.quoteOf(Market.line("NO-SKU", 1));
            quoting = arrivals(
                    "order to catalog",
                    sick,
                    () -> Http.send(Http.json("/api/quotes", "POST", quote).build()));
        } finally {
            platform.restart(catalog);
        }
        await("the catalog is asked again")
                .atMost(HEALING)
                .until(() ->
                        Http.send(Http.request("/api/categories").GET().build()).status() == 200);
        Promise.kept(8, "%s; %s", browsing, quoting);
    }

    /** Twenty ask at once, twenty times; whoever the gateway sheds (429) has asked nobody. */
    private static String arrivals(String edge, SickService sick, Callable<Reply> request) throws Exception {
        sick.arrivals.set(0);
        var asked = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < 20; i++) {
                for (var reply : threads.invokeAll(Collections.nCopies(20, request))) {
                    if (reply.get().status() != 429) {
                        asked++;
                    }
                }
            }
        }
        assertThat(sick.arrivals.get())
                .as("arrivals from %s of %d requests", edge, asked)
                .isLessThanOrEqualTo(asked * 11 / 10);
        return "%s: %d arrivals of %d requests".formatted(edge, sick.arrivals.get(), asked);
    }

    /** Answers everything with 500. */
    private static final class SickService implements AutoCloseable {

        private final AtomicInteger arrivals = new AtomicInteger();
        private final HttpServer server;

        SickService(int port) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
                arrivals.incrementAndGet();
                exchange.sendResponseHeaders(500, -1);
                exchange.close();
            });
            server.start();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static int once(Person customer, String path) {
        return Http.send(customer.as(Http.request(path)).GET().build()).status();
    }

    private static List<Long> processes(Platform platform) {
        return platform.instances().stream().map(Instance::pid).toList();
    }

    private static Duration medianOfReads() {
        var times = new ArrayList<Long>();
        for (var i = 0; i < 40; i++) {
            var begin = System.nanoTime();
            Http.send(Http.request("/api/products?limit=5").GET().build()).expect(200);
            times.add(System.nanoTime() - begin);
        }
        times.sort(null);
        return Duration.ofNanos(times.get(times.size() / 2));
    }
}
