package dev.feira.resilience;

import dev.feira.acceptance.Promise;
import dev.feira.acceptance.Card;
import dev.feira.acceptance.Orders;
import dev.feira.acceptance.Reply;
import dev.feira.acceptance.Http;
import dev.feira.acceptance.Person;
import dev.feira.acceptance.AcceptanceTest;
import dev.feira.acceptance.Market;
import dev.feira.acceptance.Feira;
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
import java.util.stream.Stream;
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

    /** Arrivals for each request, retries among them. */
    private static final double RETRIED = 1.1;

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
        await("orders are served again")
                .atMost(HEALING)
                .until(() -> own(customer, "/api/orders?limit=1").status() == 200);
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
                .until(() -> own(customer, "/api/products/" + sku).status() == 200
                        && own(customer, "/api/orders?limit=1").status() == 200);
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

    /**
     * Where a service was, a server counts who still asks, and answers all of them with 500. The gateway asks again where
     * there is another instance, as of order-service; elsewhere its circuit has to spare the service most of the calls.
     */
    @Test
    void retriesDoNotMultiplyInATotalOutage() throws Exception {
        Feira.embedded();
        var customer = Person.registered();
        customer.accessToken(); // it may be that nobody can sign in later
        var quote = Market.quoteOf(Market.line("NO-SKU", 1));
        var counted = new ArrayList<String>();
        try (var sick = new SickService(Service.CATALOG)) {
            counted.add(arrivals("gateway to catalog", 0.5, sick, () -> read("/api/categories")));
            counted.add(arrivals(
                    "order to catalog",
                    RETRIED,
                    sick,
                    () -> Http.send(Http.json("/api/quotes", "POST", quote).build())));
        }
        try (var sick = new SickService(Service.ORDER)) {
            counted.add(arrivals("gateway to order", RETRIED, sick, () -> own(customer, "/api/orders?limit=1")));
        }
        try (var sick = new SickService(Service.USER)) {
            counted.add(arrivals("gateway to user", 0.5, sick, () -> own(customer, "/api/users/me")));
        }
        await("everybody is asked again")
                .atMost(HEALING)
                .until(() -> read("/api/categories").status() == 200
                        && own(customer, "/api/orders?limit=1").status() == 200
                        && own(customer, "/api/users/me").status() == 200);
        Promise.kept(8, "%s", String.join("; ", counted));
    }

    /**
     * Here the platform itself repeats, since whoever ordered has their answer. Each replica opens its circuit after 8 calls,
     * when up to 16 more are under way, and tries 3 every 2 s from then on, however many orders wait: the breaker
     * {@code payments} and {@code feira.order.saga} of order-service.
     */
    @Test
    void theSagaDoesNotMultiplyItsCallsWhenThePaymentCompanyIsAway() throws Exception {
        var replicas = Feira.embedded().instances(Service.ORDER).size();
        var customers = Stream.generate(Person::registered).limit(10).toList();
        customers.forEach(Person::accessToken);
        var each = 10;
        var orders = customers.size() * each;
        var body = Market.order(Market.productWithStock(orders), 1, Card.APPROVED.token());
        int arrived;
        double seconds;
        try (var sick = new SickService(Service.PAYMENT_SIMULATOR);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var begin = System.nanoTime();
            var buying = customers.stream()
                    .map(customer -> threads.submit(() -> {
                        for (var i = 0; i < each; i++) {
                            customer.order(Market.newKey(), body, 0).expect(201);
                        }
                    }))
                    .toList();
            for (var buyer : buying) {
                buyer.get();
            }
            var open = sick.arrivals();
            await("the saga tries whether it is over, a few times")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> sick.arrivals() > open + 12);
            arrived = sick.arrivals();
            seconds = Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0;
        }
        assertThat((double) arrived)
                .as("calls for %d orders in %.1f s", orders, seconds)
                .isLessThanOrEqualTo(replicas * (8 + 16 + 3 * (seconds / 2 + 1)));
        for (var customer : customers) {
            assertThat(Orders.awaitEnd(customer, Feira.ENDING).values())
                    .hasSize(each)
                    .containsOnly("CONFIRMED");
        }
        Promise.kept(8, "order to payments: %d arrivals of %d orders in %.1f s", arrived, orders, seconds);
    }

    /**
     * Twenty ask at once, again and again, until there are two hundred whom the gateway did not send away (429): nine
     * seconds where its limit is 20 a second, however many it refuses meanwhile.
     */
    private static String arrivals(String edge, double most, SickService sick, Callable<Reply> request)
            throws Exception {
        var before = sick.arrivals();
        var asked = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var begin = System.nanoTime();
            while (asked < 200) {
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                        .as("time in which %d were let through", asked)
                        .isLessThan(Duration.ofMinutes(2));
                for (var reply : threads.invokeAll(Collections.nCopies(20, request))) {
                    if (reply.get().status() != 429) {
                        asked++;
                    }
                }
            }
        }
        var arrived = sick.arrivals() - before;
        assertThat((double) arrived)
                .as("arrivals from %s of %d requests", edge, asked)
                .isPositive()
                .isLessThanOrEqualTo(most * asked);
        return "%s: %d arrivals of %d requests".formatted(edge, arrived, asked);
    }

    /** In the place of every replica of a service, until it is closed: answers everything with 500. */
    private static final class SickService implements AutoCloseable {

        private final AtomicInteger arrivals = new AtomicInteger();
        private final List<Instance> replaced;
        private final List<HttpServer> servers = new ArrayList<>();

        SickService(Service service) throws IOException {
            replaced = Feira.embedded().instances(service);
            try {
                for (var instance : replaced) {
                    Feira.embedded().stop(instance);
                    servers.add(answering(instance.port()));
                }
            } catch (IOException | RuntimeException e) {
                close();
                throw e;
            }
        }

        private HttpServer answering(int port) throws IOException {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
                arrivals.incrementAndGet();
                exchange.sendResponseHeaders(500, -1);
                exchange.close();
            });
            server.start();
            return server;
        }

        int arrivals() {
            return arrivals.get();
        }

        @Override
        public void close() {
            servers.forEach(server -> server.stop(0));
            var failures = new ArrayList<RuntimeException>();
            for (var instance : replaced) {
                try {
                    Feira.embedded().restart(instance);
                } catch (RuntimeException e) { // the others are needed by every test after this one
                    failures.add(e);
                }
            }
            if (!failures.isEmpty()) {
                throw new IllegalStateException(replaced + " did not all start again", failures.getFirst());
            }
        }
    }

    private static Reply read(String path) {
        return Http.send(Http.request(path).GET().build());
    }

    private static Reply own(Person customer, String path) {
        return Http.send(customer.as(Http.request(path)).GET().build());
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
