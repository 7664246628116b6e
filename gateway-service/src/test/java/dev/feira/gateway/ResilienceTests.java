package dev.feira.gateway;

import static dev.feira.gateway.Backend.responding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.gateway.routing.Instances;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses to the client while services stall, break off, reject or trickle. Deadlines: reads 1 s, checkout 1.5 s. */
class ResilienceTests {

    /** Allowance for CPU contention. */
    private static final Duration GRACE = Duration.ofMillis(900);

    private final Gateways.Gateway gateway = Gateways.first();
    private final Http http = gateway.http();
    private final List<Backend> backends = new ArrayList<>();

    @BeforeEach
    void healthy() {
        gateway.healed();
        http.get("/favicon.ico"); // loads what is loaded at first use
    }

    @AfterEach
    void stop() {
        backends.forEach(Backend::close);
    }

    /** Responds once the test releases it. */
    private Backend backendThatWaitsFor(CountDownLatch release) {
        return backend().that(exchange -> {
            release.await(60, TimeUnit.SECONDS);
            responding(200, "{}").handle(exchange);
        });
    }

    private static void awaitWaiting(int requests, Gateways.Gateway gateway) {
        var waiting = gateway.context()
                .getBean(MeterRegistry.class)
                .get("feira.gateway.permits.waiting")
                .tag("traffic", "browsing")
                .gauge();
        await().atMost(Duration.ofSeconds(20)).until(() -> waiting.value() == requests);
    }

    private Backend backend() {
        var backend = new Backend();
        backends.add(backend);
        return backend;
    }

    private static int closedPort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Duration timed(Runnable work) {
        var start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void retriesFailedGetOnAnotherInstance() {
        var broken = backend().that(responding(500, "{}"));
        var whole = backend();
        gateway.with("catalog-service", broken, whole);

        for (var i = 0; i < 6; i++) {
            assertThat(http.get("/api/products").status()).isEqualTo(200);
        }

        assertThat(broken.seen()).isNotEmpty();
        assertThat(whole.seen()).hasSize(6);
    }

    @Test
    void retriesGetOnAnotherInstanceAfterACutConnection() {
        var broken = backend().that(Backend.closing());
        gateway.with("catalog-service", broken, backend());

        for (var i = 0; i < 6; i++) {
            assertThat(http.get("/api/products").status()).isEqualTo(200);
        }
        assertThat(broken.seen()).isNotEmpty();
    }

    @Test
    void retriesStalledGetOnAnotherInstanceWithinTheDeadline() {
        var stalling = backend();
        stalling.that(stalling.stalling());
        gateway.with("catalog-service", stalling, backend());

        for (var i = 0; i < 3; i++) {
            var took =
                    timed(() -> assertThat(http.get("/api/products").status()).isEqualTo(200));
            assertThat(took).isLessThan(Duration.ofSeconds(1).plus(GRACE));
        }
        assertThat(stalling.seen()).isNotEmpty();
    }

    @Test
    void sendsGetToAtMostThreeInstancesOnceEach() {
        var all = List.of(backend(), backend(), backend(), backend(), backend());
        all.forEach(backend -> backend.that(responding(500, "{\"type\":\"urn:feira:problem:internal-error\"}")));
        gateway.with("catalog-service", all.toArray(Backend[]::new));

        assertThat(http.get("/api/products").status()).isEqualTo(500);

        assertThat(all.stream().mapToInt(backend -> backend.seen().size()).sum())
                .isEqualTo(3);
        assertThat(all).allSatisfy(backend -> assertThat(backend.seen()).hasSizeLessThan(2));
    }

    @Test
    void returns503WithoutARetryWhenThereIsOneInstance() {
        var broken = backend().that(Backend.closing());
        gateway.with("catalog-service", broken);

        var reply = http.get("/api/products");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.problem()).isEqualTo("service-unavailable");
        assertThat(reply.header("Retry-After")).isPresent();
        assertThat(broken.seen()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void doesNotRetryUnsafeMethodAfterACutConnection(String method) {
        var one = backend().that(Backend.closing());
        var two = backend().that(Backend.closing());
        gateway.with("order-service", one, two);

        var reply = http.send(method, "/api/orders/1", method.equals("DELETE") ? null : "{}");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(one.seen().size() + two.seen().size()).isEqualTo(1);
    }

    @Test
    void doesNotRetryPostAfterAnErrorResponse() {
        var one = backend().that(responding(500, "{}"));
        var two = backend().that(responding(500, "{}"));
        gateway.with("order-service", one, two);

        assertThat(http.post("/api/orders", "{}").status()).isEqualTo(500);

        assertThat(one.seen().size() + two.seen().size()).isEqualTo(1);
    }

    @Test
    void retriesPostOnAnotherInstanceWhenTheFirstWasNotReached() {
        var whole = backend();
        gateway.with("order-service", closedPort(), whole.port());

        for (var i = 0; i < 6; i++) {
            assertThat(http.post("/api/orders", "{}").status()).isEqualTo(200);
        }
        assertThat(whole.seen()).hasSize(6);
    }

    @Test
    void returns503WithRetryAfterWithoutARetry() {
        var one = backend().that(responding(503, "{}", "Retry-After", "2"));
        var two = backend().that(responding(503, "{}", "Retry-After", "2"));
        gateway.with("catalog-service", one, two);

        for (var i = 0; i < 10; i++) {
            var reply = http.get("/api/products");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.header("Retry-After")).contains("2");
        }

        assertThat(one.seen().size() + two.seen().size()).isEqualTo(10);
        assertThat(gateway.breaker("products").getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void returns504AtTheDeadlineWithoutAResponse() {
        var stalling = backend();
        stalling.that(stalling.stalling());
        gateway.with("catalog-service", stalling).with("order-service", stalling);

        var read = timed(() -> {
            var reply = http.get("/api/products");
            assertThat(reply.status()).isEqualTo(504);
            assertThat(reply.problem()).isEqualTo("gateway-timeout");
        });
        var checkout =
                timed(() -> assertThat(http.post("/api/orders", "{}").status()).isEqualTo(504));

        assertThat(read).isBetween(Duration.ofMillis(950), Duration.ofSeconds(1).plus(GRACE));
        assertThat(checkout)
                .isBetween(Duration.ofMillis(1450), Duration.ofMillis(1500).plus(GRACE));
    }

    @Test
    void returns504AtTheDeadlineWhenTheResponseTrickles() {
        var trickling = backend();
        trickling.that(trickling.trickling());
        gateway.with("catalog-service", trickling);

        var took = timed(() -> assertThat(http.get("/api/products").status()).isEqualTo(504));

        assertThat(took).isBetween(Duration.ofMillis(950), Duration.ofSeconds(1).plus(GRACE));
    }

    @Test
    void givesUpSoonWhenTheInstanceAcceptsNoConnection() throws Exception {
        // a backlog of one that is full: the system neither accepts nor rejects
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var fillers = new ArrayList<Socket>();
            for (var i = 0; i < 3; i++) {
                var filler = new Socket();
                fillers.add(filler);
                try {
                    filler.connect(full.getLocalSocketAddress(), 100);
                } catch (IOException _) {
                    break; // full
                }
            }
            gateway.with("catalog-service", full.getLocalPort());

            var took =
                    timed(() -> assertThat(http.get("/api/products").status()).isIn(503, 504));

            assertThat(took).isLessThan(Duration.ofSeconds(1).plus(GRACE));
            for (var filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void addsPreferWaitToTheDeadline() {
        var orders = backend();
        orders.that(orders.respondingAfter(2_000));
        gateway.with("order-service", orders);

        assertThat(http.get("/api/orders/1").status()).isEqualTo(504);
        var waited = http.get("/api/orders/1", "Prefer", "wait=2");
        assertThat(waited.status()).isEqualTo(200);
        assertThat(orders.last().header("Prefer")).isEqualTo("wait=2");
    }

    @Test
    void addsPreferWaitToTheAttempt() {
        var one = backend();
        one.that(one.respondingAfter(2_500));
        var two = backend();
        two.that(two.respondingAfter(2_500));
        gateway.with("order-service", one, two); // checkout gives up an instance after 700 ms, waiting after 2 s

        assertThat(http.get("/api/orders/1", "Prefer", "wait=3").status()).isEqualTo(200);

        assertThat(one.seen().size() + two.seen().size()).isEqualTo(1);
    }

    @Test
    void opensBreakerWithinTenCallsAndClosesItAfterRecovery() {
        var orders = backend().that(responding(500, "{}"));
        gateway.with("order-service", orders);

        for (var i = 0; i < 10; i++) {
            http.get("/api/orders");
        }
        assertThat(gateway.breaker("orders").getState())
                .isIn(CircuitBreaker.State.OPEN, CircuitBreaker.State.HALF_OPEN);
        assertThat(orders.seen()).hasSizeLessThan(10);

        orders.that(responding(200, "{}"));
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            assertThat(http.get("/api/orders").status()).isEqualTo(200);
            assertThat(gateway.breaker("orders").getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        });
    }

    /** Half open must not become open again when no calls are made. */
    @Test
    void closesIdleBreaker() {
        gateway.with("order-service", backend());
        gateway.breaker("orders").transitionToOpenState();

        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.breaker("orders").getState() == CircuitBreaker.State.CLOSED);
    }

    @Test
    void returns503AtOnceWhileTheBreakerIsOpen() {
        var orders = backend();
        gateway.with("order-service", orders);
        gateway.breaker("orders").transitionToForcedOpenState();

        var took = timed(() -> {
            var reply = http.get("/api/orders");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.header("Retry-After")).contains("2");
        });

        assertThat(orders.seen()).isEmpty();
        assertThat(took).isLessThan(GRACE);
    }

    @Test
    void keepsOtherRoutesWorkingWhenAServiceFails() {
        gateway.with("order-service", backend().that(responding(500, "{}"))).with("catalog-service", backend());

        for (var i = 0; i < 20; i++) {
            http.get("/api/orders");
        }

        assertThat(gateway.breaker("orders").getState()).isNotEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(http.get("/api/products").status()).isEqualTo(200);
    }

    @Test
    void doesNotCountClientErrorsAsFailures() {
        gateway.with("catalog-service", backend().that(responding(404, "{}")));

        for (var i = 0; i < 30; i++) {
            assertThat(http.get("/api/products/X").status()).isEqualTo(404);
        }

        assertThat(gateway.breaker("products").getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void rejectsCatalogReadsWhileCheckoutGoesOn() throws Exception {
        var catalog = backend();
        catalog.that(catalog.respondingAfter(600));
        gateway.with("catalog-service", catalog).with("order-service", backend());

        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Http.Reply>> reads = new ArrayList<>();
            for (var i = 0; i < 40; i++) {
                reads.add(() -> http.get("/api/products"));
            }
            List<Future<Http.Reply>> browsing =
                    reads.stream().map(executor::submit).toList();
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> browsing.stream().anyMatch(Future::isDone)); // the first were shed

            for (var i = 0; i < 5; i++) {
                assertThat(http.post("/api/orders", "{}").status()).isEqualTo(200);
            }

            var shed = 0;
            for (var reply : browsing) {
                var response = reply.get();
                if (response.status() == 429) {
                    shed++;
                    assertThat(response.problem()).isEqualTo("overloaded");
                    assertThat(response.header("Connection"))
                            .as("its connection stays open")
                            .isEmpty();
                    assertThat(response.header("Retry-After")).contains("1");
                } else {
                    assertThat(response.status()).isEqualTo(200);
                }
            }
            assertThat(shed).isBetween(20, 39);
        }
        catalog.that(responding(200, "{}"));
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(
                        () -> assertThat(http.get("/api/products").status()).isEqualTo(200));
    }

    @Test
    void closesConnectionsOfRejectedRequestsNearTheConnectionLimit() throws Exception {
        var release = new CountDownLatch(1);
        var catalog = backendThatWaitsFor(release);
        try (var gateway = Gateways.start(
                        "server.tomcat.max-connections=8",
                        "resilience4j.bulkhead.instances.browsing.max-concurrent-calls=3",
                        "resilience4j.bulkhead.instances.browsing.max-wait-duration=30s",
                        "Deadline.browsing=60s",
                        "RetryOnAnotherInstance.browsing=60s");
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            gateway.with("catalog-service", catalog);
            List<Future<Http.Reply>> served = new ArrayList<>();
            for (var i = 0; i < 6; i++) { // six of eight connections: three hold a permit, three wait
                served.add(executor.submit(() -> gateway.http().get("/api/products")));
            }
            awaitWaiting(3, gateway);

            var rejected = gateway.http().get("/api/products");

            assertThat(rejected.status()).isEqualTo(429);
            assertThat(rejected.header("Connection")).contains("close");
            release.countDown();
            for (var reply : served) {
                assertThat(reply.get().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void rejectsCatalogReadAtOnceWhenAsManyWaitAsHoldAPermit() throws Exception {
        var release = new CountDownLatch(1);
        var catalog = backendThatWaitsFor(release);
        try (var gateway = Gateways.start(
                        "resilience4j.bulkhead.instances.browsing.max-concurrent-calls=3",
                        "resilience4j.bulkhead.instances.browsing.max-wait-duration=30s",
                        "Deadline.browsing=60s",
                        "RetryOnAnotherInstance.browsing=60s",
                        "Deadline.pictures=60s",
                        "RetryOnAnotherInstance.pictures=60s");
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            gateway.with("catalog-service", catalog).with("order-service", backend());
            List<Future<Http.Reply>> served = new ArrayList<>();
            for (var i = 0; i < 6; i++) { // three hold a permit, three wait
                served.add(executor.submit(() -> gateway.http().get("/api/products")));
            }

            awaitWaiting(3, gateway);

            var rejected = gateway.http().get("/api/categories");

            assertThat(rejected.status()).isEqualTo(429);
            assertThat(rejected.header("Retry-After")).contains("1");
            assertThat(rejected.header("X-Request-Id")).isPresent();
            assertThat(rejected.header("Connection"))
                    .as("its connection stays open")
                    .isEmpty();
            assertThat(served).noneMatch(Future::isDone);
            assertThat(gateway.http().post("/api/orders", "{}").status()).isEqualTo(200);
            served.add(executor.submit(() -> gateway.http().get("/api/pictures/fig.webp")));
            await("pictures have permits of their own")
                    .atMost(Duration.ofSeconds(20))
                    .until(() ->
                            catalog.seen().stream().anyMatch(seen -> seen.path().equals("/pictures/fig.webp")));
            release.countDown();
            for (var reply : served) {
                assertThat(reply.get().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void limitsRetriesToAShareOfTheRequests() {
        var one = backend().that(responding(503, "{}"));
        var two = backend().that(responding(503, "{}"));
        gateway.with("catalog-service", one, two);

        var requests = 2_000;
        for (var i = 0; i < requests; i++) {
            http.get("/api/categories");
        }

        // without a breaker that opens (503 alone is no failure of the service): a reserve of 100, then one for ten
        // requests
        assertThat(one.seen().size() + two.seen().size()).isLessThanOrEqualTo(requests + 100 + requests / 10);
    }

    @Test
    void ejectsInstanceThatIsNotReached() {
        var dead = closedPort();
        var whole = backend();
        gateway.with("catalog-service", dead, whole.port());

        for (var i = 0; i < 4; i++) {
            http.get("/api/categories");
        }

        var instances = gateway.context().getBean(Instances.class).report("catalog-service");
        assertThat(instances)
                .filteredOn(instance -> instance.address().endsWith(":" + dead))
                .singleElement()
                .satisfies(instance -> {
                    assertThat(instance.calls()).isEqualTo(1);
                    assertThat(instance.failures()).isEqualTo(1);
                });
        assertThat(whole.seen()).hasSize(4);
    }

    @Test
    void returns503WhenTheServiceHasNoInstance() {
        gateway.with("catalog-service", new Backend[0]);
        // the instance of application.yaml is not there either
        var reply = http.get("/api/products");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.problem()).isEqualTo("service-unavailable");
    }
}
