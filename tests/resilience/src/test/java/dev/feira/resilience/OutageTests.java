package dev.feira.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.feira.acceptance.AcceptanceTest;
import dev.feira.acceptance.Card;
import dev.feira.acceptance.Http;
import dev.feira.acceptance.Orders;
import dev.feira.acceptance.Products;
import dev.feira.acceptance.PromiseResults;
import dev.feira.acceptance.Response;
import dev.feira.acceptance.TestPlatform;
import dev.feira.acceptance.TestUser;
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

/** An unavailable part affects only the requests that need it, and only during the outage. */
@AcceptanceTest
class OutageTests {

    /** The promise is 5 s on an idle machine: {@code -Dfeira.healing=5}. */
    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(TestPlatform.setting("feira.healing", 20));

    /** The gateway's deadline for checkout, 5 s, and a margin for CPU contention. */
    private static final Duration DEADLINE = Duration.ofSeconds(5).plus(Duration.ofSeconds(2));

    /** The circuit breaker opens when half of its last 20 calls failed. */
    private static final int FAILURES_TO_OPEN = 10;

    /** Arrivals for each request, including retries. */
    private static final double MAX_ARRIVALS = 1.1;

    @Test
    void keepsServingTheCatalogWhileOrderServiceHangs() throws Exception {
        var platform = TestPlatform.embedded();
        var customer = TestUser.registered();
        customer.get("/api/orders").expect(200);
        var before = medianReadTime();

        List<Integer> statuses = new ArrayList<>();
        Response afterwards;
        Duration during;
        platform.instances(Service.ORDER).forEach(platform::pause);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, FAILURES_TO_OPEN)
                    .mapToObj(_ -> threads.submit(() -> orderListInTime(customer)))
                    .toList();
            for (var call : calls) {
                statuses.add(call.get().status());
            }
            afterwards = orderListInTime(customer);
            during = medianReadTime();
        } finally {
            platform.instances(Service.ORDER).forEach(platform::resume);
        }

        assertThat(statuses).allSatisfy(status -> assertThat(status).isIn(503, 504));
        // A closed circuit breaker would wait for the deadline and return 504
        assertThat(afterwards.status()).as(afterwards::text).isEqualTo(503);
        await("the order list is available again")
                .atMost(RECOVERY_LIMIT)
                .until(() -> get(customer, "/api/orders?limit=1").status() == 200);
        PromiseResults.record(
                6,
                "catalog reads took %d ms (median) while order-service hung, %d ms before",
                during.toMillis(),
                before.toMillis());
    }

    @Test
    void recoversAfterTheDatabaseRestarts() {
        var platform = TestPlatform.embedded();
        var customer = TestUser.registered();
        var sku = Products.createWithStock(3);
        var token = Card.APPROVED.token();
        var processes = processes(platform);

        customer.get("/api/orders").expect(200); // signs in before the outage

        platform.killPostgres();
        Response read;
        Response order;
        try {
            read = customer.sendOnce(Http.request("/api/orders?limit=1"));
            order = Http.send(customer.orderRequest(Orders.newIdempotencyKey(), Orders.request(sku, 1, token), 0));
        } finally {
            platform.restartPostgres();
        }
        var restored = System.nanoTime();

        assertThat(read.status()).as(read::text).isIn(503, 504);
        assertThat(order.status()).as(order::text).isIn(503, 504);
        await("products and orders are available again")
                .atMost(RECOVERY_LIMIT)
                .until(() -> get(customer, "/api/products/" + sku).status() == 200
                        && get(customer, "/api/orders?limit=1").status() == 200);
        var recovery = Duration.ofNanos(System.nanoTime() - restored);
        customer.placeOrder(Orders.newIdempotencyKey(), Orders.request(sku, 1, token), 5)
                .expect(201);
        assertThat(processes(platform)).as("processes of the services").isEqualTo(processes);
        PromiseResults.record(
                9, "recovered %d ms after the database restarted, 0 restarts of services", recovery.toMillis());
    }

    private static Response orderListInTime(TestUser customer) {
        var start = System.nanoTime();
        var response = customer.sendOnce(Http.request("/api/orders?limit=1"));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("duration of the response")
                .isLessThan(DEADLINE);
        return response;
    }

    /**
     * Replaces a service by a server that counts requests and returns 500. The gateway retries where another instance exists,
     * as of order-service. Elsewhere its circuit breaker keeps most calls away.
     */
    @Test
    void limitsRetriesInATotalOutage() throws Exception {
        TestPlatform.embedded();
        var customer = TestUser.registered();
        customer.accessToken(); // sign-in may be unavailable later
        var quote = Orders.quoteRequest(Orders.line("NO-SKU", 1));
        var figures = new ArrayList<String>();
        try (var failing = new FailingService(Service.CATALOG)) {
            figures.add(arrivals("gateway to catalog", 0.5, failing, () -> get("/api/categories")));
            figures.add(arrivals(
                    "order to catalog",
                    MAX_ARRIVALS,
                    failing,
                    () -> Http.send(Http.json("/api/quotes", "POST", quote).build())));
        }
        try (var failing = new FailingService(Service.ORDER)) {
            figures.add(
                    arrivals("gateway to order", MAX_ARRIVALS, failing, () -> get(customer, "/api/orders?limit=1")));
        }
        try (var failing = new FailingService(Service.USER)) {
            figures.add(arrivals("gateway to user", 0.5, failing, () -> get(customer, "/api/users/me")));
        }
        await("all services are called again")
                .atMost(RECOVERY_LIMIT)
                .until(() -> get("/api/categories").status() == 200
                        && get(customer, "/api/orders?limit=1").status() == 200
                        && get(customer, "/api/users/me").status() == 200);
        PromiseResults.record(8, "%s", String.join("; ", figures));
    }

    /**
     * The saga retries after the customer has a response. Each replica opens its circuit breaker after 8 calls, with up to 16
     * more in flight. It then permits 3 calls every 2 s for any number of waiting orders. See the breaker {@code payments} and
     * {@code feira.order.saga} of order-service.
     */
    @Test
    void limitsCallsOfTheSagaWhilePaymentsAreUnavailable() throws Exception {
        var replicas = TestPlatform.embedded().instances(Service.ORDER).size();
        var customers = Stream.generate(TestUser::registered).limit(10).toList();
        customers.forEach(TestUser::accessToken);
        var ordersEach = 10;
        var orders = customers.size() * ordersEach;
        var body = Orders.request(Products.createWithStock(orders), 1, Card.APPROVED.token());
        int arrived;
        double seconds;
        try (var failing = new FailingService(Service.PAYMENT_SIMULATOR);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var start = System.nanoTime();
            var buyers = customers.stream()
                    .map(customer -> threads.submit(() -> {
                        for (var i = 0; i < ordersEach; i++) {
                            customer.placeOrder(Orders.newIdempotencyKey(), body, 0)
                                    .expect(201);
                        }
                    }))
                    .toList();
            for (var buyer : buyers) {
                buyer.get();
            }
            var whenOpen = failing.arrivals();
            await("the saga probes the payments a few times")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> failing.arrivals() > whenOpen + 12);
            arrived = failing.arrivals();
            seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
        }
        assertThat((double) arrived)
                .as("calls for %d orders in %.1f s", orders, seconds)
                .isLessThanOrEqualTo(replicas * (8 + 16 + 3 * (seconds / 2 + 1)));
        for (var customer : customers) {
            assertThat(Orders.awaitFinalStatuses(customer, TestPlatform.COMPLETION_DEADLINE)
                            .values())
                    .hasSize(ordersEach)
                    .containsOnly("CONFIRMED");
        }
        PromiseResults.record(8, "order to payments: %d arrivals for %d orders in %.1f s", arrived, orders, seconds);
    }

    /**
     * Sends 20 concurrent requests repeatedly, until the gateway has passed on 200 of them. Where its rate limit is 20 a second,
     * this takes nine seconds.
     */
    private static String arrivals(
            String connection, double maxPerRequest, FailingService failing, Callable<Response> request)
            throws Exception {
        var before = failing.arrivals();
        var passed = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var start = System.nanoTime();
            while (passed < 200) {
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .as("time until 200 requests pass the rate limit, now %d", passed)
                        .isLessThan(Duration.ofMinutes(2));
                for (var response : threads.invokeAll(Collections.nCopies(20, request))) {
                    if (response.get().status() != 429) {
                        passed++;
                    }
                }
            }
        }
        var arrived = failing.arrivals() - before;
        assertThat((double) arrived)
                .as("arrivals, %s, for %d requests", connection, passed)
                .isPositive()
                .isLessThanOrEqualTo(maxPerRequest * passed);
        return "%s: %d arrivals for %d requests".formatted(connection, arrived, passed);
    }

    /** Replaces every replica of a service until it is closed, counts requests and returns 500. */
    private static final class FailingService implements AutoCloseable {

        private final AtomicInteger arrivals = new AtomicInteger();
        private final List<Instance> replaced;
        private final List<HttpServer> servers = new ArrayList<>();

        FailingService(Service service) throws IOException {
            replaced = TestPlatform.embedded().instances(service);
            try {
                for (var instance : replaced) {
                    TestPlatform.embedded().stop(instance);
                    servers.add(start(instance.port()));
                }
            } catch (IOException | RuntimeException e) {
                close();
                throw e;
            }
        }

        private HttpServer start(int port) throws IOException {
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
                    TestPlatform.embedded().restart(instance);
                } catch (RuntimeException e) { // the next tests need the other instances
                    failures.add(e);
                }
            }
            if (!failures.isEmpty()) {
                throw new IllegalStateException(replaced + " did not all restart", failures.getFirst());
            }
        }
    }

    private static Response get(String path) {
        return Http.send(Http.request(path).GET().build());
    }

    private static Response get(TestUser customer, String path) {
        return customer.sendOnce(Http.request(path));
    }

    private static List<Long> processes(Platform platform) {
        return platform.instances().stream().map(Instance::pid).toList();
    }

    private static Duration medianReadTime() {
        var times = new ArrayList<Long>();
        for (var i = 0; i < 40; i++) {
            var start = System.nanoTime();
            Http.send(Http.request("/api/products?limit=5").GET().build()).expect(200);
            times.add(System.nanoTime() - start);
        }
        times.sort(null);
        return Duration.ofNanos(times.get(times.size() / 2));
    }
}
