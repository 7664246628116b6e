package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadGeneratorTests {

    private static final List<String> SKUS = List.of("FRU-A", "FRU-B", "FRU-C", "FRU-D");

    private final AtomicInteger placed = new AtomicInteger();
    private volatile String outcome = "CONFIRMED";
    private volatile int refusedFrom = Integer.MAX_VALUE;
    private HttpServer server;
    private URI shop;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        answer("/payment-simulator/tokens", () -> "{\"token\":\"tok_1\"}");
        answer(
                "/api/orders",
                () -> "{\"id\":\"1\",\"status\":\"%s\"}"
                        .formatted(placed.incrementAndGet() >= refusedFrom ? "REJECTED" : outcome));
        answer("/api/orders/1", () -> "{\"id\":\"1\",\"status\":\"CONFIRMED\"}");
        server.start();
        shop = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void rejectsTargetsOnOtherMachines() {
        assertThatThrownBy(() -> LoadGenerator.get(URI.create("http://example.com/"), Map.of(), 1, Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("this machine only");
        assertThatThrownBy(() -> new OrderClient(URI.create("http://example.com/"), SKUS, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void failsWhenMoreThanOneRequestInAHundredFails() {
        assertThatThrownBy(() -> LoadGenerator.get(shop.resolve("/nothing"), Map.of(), 2, Duration.ofMillis(100)))
                .isInstanceOf(MeasurementFailed.class)
                .hasMessageContaining("failed");
    }

    @Test
    void countsEveryConfirmedOrder() throws InterruptedException {
        try (var orders = new OrderClient(shop, SKUS, 4)) {
            var run = orders.place(Credentials.ANONYMOUS, 50);

            assertThat(run.latencies().count()).isEqualTo(50);
            assertThat(orders.confirmed()).isEqualTo(50);
            assertThat(placed).hasValue(50);
        }
    }

    @Test
    void pollsAnOrderUntilItIsConfirmed() throws InterruptedException {
        outcome = "PLACED";
        try (var orders = new OrderClient(shop, SKUS, 1)) {
            assertThat(orders.place(Credentials.ANONYMOUS, 1).latencies().count()).isEqualTo(1);
        }
    }

    @Test
    void failsWhenAnOrderIsNotConfirmed() {
        refusedFrom = 20;
        try (var orders = new OrderClient(shop, SKUS, 4)) {
            assertThatThrownBy(() -> orders.place(Credentials.ANONYMOUS, 50))
                    .isInstanceOf(MeasurementFailed.class)
                    .hasMessageContaining("REJECTED");
        }
    }

    @Test
    void failsWhenAClientFails() {
        server.removeContext("/payment-simulator/tokens");
        try (var orders = new OrderClient(shop, SKUS, 4)) {
            assertThatThrownBy(() -> orders.place(Credentials.ANONYMOUS, 50))
                    .isInstanceOf(MeasurementFailed.class)
                    .hasMessageContaining("404");
        }
    }

    private void answer(String path, java.util.function.Supplier<String> body) {
        server.createContext(path, exchange -> {
            exchange.getRequestBody().readAllBytes();
            var bytes = body.get().getBytes();
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }
}
