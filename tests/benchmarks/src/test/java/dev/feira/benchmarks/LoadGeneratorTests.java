package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.feira.local.client.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadGeneratorTests {

    private static final List<String> SKUS = List.of("FRU-A", "FRU-B", "FRU-C", "FRU-D");
    private static final Tokens CUSTOMER = new Tokens("token", null, Duration.ofMinutes(5));
    private static final String ID = "2d669774-51d0-4194-81bf-5a583f07f514";

    private final AtomicInteger placed = new AtomicInteger();
    private volatile String status = "CONFIRMED";
    private volatile int rejectedFrom = Integer.MAX_VALUE;
    private HttpServer server;
    private URI shop;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        respond("/payment-simulator/tokens", 200, () -> "{\"token\":\"tok_1\",\"brand\":\"VISA\",\"last4\":\"4242\"}");
        respond("/api/orders", 201, () -> order(placed.incrementAndGet() >= rejectedFrom ? "REJECTED" : status));
        respond("/api/orders/" + ID, 200, () -> order("CONFIRMED"));
        respond("/busy", 429, () -> "");
        respond("/list", 200, () -> "[]");
        server.start();
        shop = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void rejectsTargetsOnOtherMachines() {
        var other = URI.create("http://example.com/");

        assertThatThrownBy(() -> LoadGenerator.read(other, null, 1, Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("this machine only");
        assertThatThrownBy(() -> new OrderClient(other, SKUS)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void failsWhenMoreThanOneRequestInAHundredFails() {
        assertThatThrownBy(() -> LoadGenerator.read(shop.resolve("/nothing"), null, 2, Duration.ofMillis(100)))
                .isInstanceOf(MeasurementFailed.class)
                .hasMessageContaining("failed");
    }

    @Test
    void countsEveryConfirmedOrder() throws InterruptedException {
        var orders = new OrderClient(shop, SKUS);

        var result = LoadGenerator.repeat(4, 50, orders.order(CUSTOMER, 3));

        assertThat(result.successes()).isEqualTo(50);
        assertThat(orders.confirmed()).isEqualTo(50);
        assertThat(placed).hasValue(50);
    }

    @Test
    void pollsAnOrderUntilItIsConfirmed() throws InterruptedException {
        status = "PLACED";

        var result = LoadGenerator.repeat(1, 1, new OrderClient(shop, SKUS).order(CUSTOMER, 3));

        assertThat(result.successes()).isEqualTo(1);
    }

    @Test
    void failsWhenAnOrderIsNotConfirmed() {
        rejectedFrom = 20;

        assertThatThrownBy(() -> LoadGenerator.repeat(4, 50, new OrderClient(shop, SKUS).order(CUSTOMER, 3)))
                .isInstanceOf(MeasurementFailed.class)
                .hasMessageContaining("REJECTED");
        assertThat(placed.get()).isLessThan(30);
    }

    @Test
    void failsWhenAClientFails() {
        server.removeContext("/payment-simulator/tokens");

        assertThatThrownBy(() -> LoadGenerator.repeat(4, 50, new OrderClient(shop, SKUS).order(CUSTOMER, 3)))
                .isInstanceOf(MeasurementFailed.class)
                .hasMessageContaining("404");
    }

    @Test
    void countsFailedOrdersWithTheirReason() throws InterruptedException {
        rejectedFrom = 3;

        var result = LoadGenerator.repeat(1, 5, new OrderClient(shop, SKUS).orderOrFail(CUSTOMER));

        assertThat(result.successes()).isEqualTo(2);
        assertThat(result.reasons()).hasSize(1).allSatisfy((reason, count) -> {
            assertThat(reason).contains("REJECTED");
            assertThat(count).isEqualTo(3);
        });
    }

    @Test
    void sendsAtAConstantRateWithoutWaitingForResponses() throws InterruptedException {
        var inFlight = new CountDownLatch(3);
        LoadGenerator.Call untilThreeAreInFlight = () -> {
            inFlight.countDown();
            inFlight.await(10, TimeUnit.SECONDS);
            return "";
        };

        var result = LoadGenerator.constantRate(100, Duration.ofSeconds(1), untilThreeAreInFlight);

        assertThat(inFlight.getCount()).isZero();
        assertThat(result.responses()).hasSizeBetween(3, 100);
    }

    @Test
    void namesRejectionsWithoutRetryAfter() throws InterruptedException {
        try (var http = LoadGenerator.client()) {
            var call = LoadGenerator.get(http, shop.resolve("/busy"), null, Duration.ofSeconds(5));

            assertThat(LoadGenerator.once(call).failure()).isEqualTo("429 without Retry-After");
        }
    }

    @Test
    void completesRequestsInFlightWhenALoopIsStopped() throws InterruptedException {
        var inFlight = new CountDownLatch(2);
        var released = new CountDownLatch(1);
        LoadGenerator.Call untilReleased = () -> {
            inFlight.countDown();
            released.await();
            return "";
        };
        try (var loop = LoadGenerator.start(2, Duration.ZERO, untilReleased)) {
            inFlight.await();
            loop.stopSending();
            released.countDown();

            assertThat(loop.stop().successes()).isEqualTo(2);
        }
    }

    @Test
    void waitsForTheIntervalBetweenTwoCallsOfAClient() throws InterruptedException {
        var calls = new CountDownLatch(3);
        LoadGenerator.Call call = () -> {
            calls.countDown();
            return "";
        };
        var begin = System.nanoTime();
        try (var loop = LoadGenerator.start(1, Duration.ofMillis(100), call)) {
            calls.await();

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
            loop.stop();
        }
    }

    private static String order(String status) {
        return "{\"id\":\"%s\",\"status\":\"%s\"}".formatted(ID, status);
    }

    private void respond(String path, int code, Supplier<String> body) {
        server.createContext(path, exchange -> {
            exchange.getRequestBody().readAllBytes();
            var bytes = body.get().getBytes();
            exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }
}
