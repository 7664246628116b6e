package dev.feira.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Buyers who each place one order after the other through the gateway: a card token, then the order, then waiting until
 * it is confirmed. Only confirmed orders count; anything else ends the measurement.
 */
final class OrderClient implements AutoCloseable {

    /** As many lines as {@code ./feira demo} orders. */
    static final int LINES = 3;

    /** So long may an order take at most. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String WAIT = "wait=5";

    private final URI gateway;
    private final List<String> skus;
    private final int buyers;
    private final AtomicLong confirmed = new AtomicLong();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final JsonMapper json = JsonMapper.builder().build();

    /** @param skus what they buy: {@value #LINES} products that stand beside each other, beginning anywhere */
    OrderClient(URI gateway, List<String> skus, int buyers) {
        this.gateway = LoadGenerator.loopback(gateway);
        this.skus = List.copyOf(skus);
        this.buyers = buyers;
    }

    /**
     * What one run measured.
     *
     * @param elapsed from the first request to the last confirmation
     * @param latencies of one order with its card token
     */
    record Outcome(Duration elapsed, Latencies latencies) {

        double perSecond() {
            return latencies.count() * 1e9 / elapsed.toNanos();
        }
    }

    /** Places so many orders. */
    Outcome place(Credentials customer, int orders) throws InterruptedException {
        var left = new AtomicLong(orders);
        return run(customer, () -> left.getAndDecrement() > 0);
    }

    /** Places orders for that long; what is under way then is waited for and counts. */
    Outcome placeFor(Credentials customer, Duration length) throws InterruptedException {
        var end = System.nanoTime() + length.toNanos();
        return run(customer, () -> System.nanoTime() < end);
    }

    /** All that were confirmed so far, of all runs. */
    long confirmed() {
        return confirmed.get();
    }

    /** Places one order of the {@value #LINES} products from this one on, and waits until it is confirmed. */
    void placeOne(Credentials customer, int first) throws IOException, InterruptedException {
        var token = send(
                        customer,
                        "POST",
                        "/payment-simulator/tokens",
                        Map.of(),
                        Map.of("cardNumber", "4242424242424242", "expiry", "12/30", "cvc", "123"))
                .path("token")
                .asString("");
        var lines = IntStream.range(0, LINES)
                .mapToObj(line -> Map.of("sku", skus.get((first + line) % skus.size()), "quantity", 1))
                .toList();
        var address = Map.of(
                "name",
                "Ana Ferreira",
                "street",
                "Rua do Mercado 1",
                "postalCode",
                "1100-001",
                "city",
                "Lisboa",
                "country",
                "PT");
        var order = send(
                customer,
                "POST",
                "/api/orders",
                Map.of("Idempotency-Key", UUID.randomUUID().toString(), "Prefer", WAIT),
                Map.of("lines", lines, "deliveryAddress", address, "payment", Map.of("token", token)));
        var begin = System.nanoTime();
        while (isUnderWay(order) && System.nanoTime() - begin < PATIENCE.toNanos()) {
            order = send(customer, "GET", "/api/orders/" + order.path("id").asString(""), Map.of("Prefer", WAIT), null);
        }
        var status = order.path("status").asString("");
        if (!status.equals("CONFIRMED")) {
            throw new MeasurementFailed("Order %s is %s and not CONFIRMED: %s"
                    .formatted(order.path("id").asString(""), status, order.path("rejection")));
        }
        confirmed.incrementAndGet();
    }

    private Outcome run(Credentials customer, BooleanSupplier more) throws InterruptedException {
        var begin = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<long[]>> running = new ArrayList<>();
            for (var i = 0; i < buyers; i++) {
                running.add(threads.submit(() -> buy(customer, more)));
            }
            var latencies = new ArrayList<long[]>();
            for (var buyer : running) {
                try {
                    latencies.add(LoadGenerator.result(buyer));
                } catch (MeasurementFailed e) {
                    threads.shutdownNow(); // what the others measure is of no use any more
                    throw e;
                }
            }
            return new Outcome(Duration.ofNanos(System.nanoTime() - begin), Latencies.of(latencies));
        }
    }

    private long[] buy(Credentials customer, BooleanSupplier more) throws IOException, InterruptedException {
        var latencies = LongStream.builder();
        while (more.getAsBoolean()) {
            var begin = System.nanoTime();
            placeOne(customer, ThreadLocalRandom.current().nextInt(skus.size()));
            latencies.add(System.nanoTime() - begin);
        }
        return latencies.build().toArray();
    }

    private JsonNode send(
            Credentials customer, String method, String path, Map<String, String> headers, @Nullable Object body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(gateway.resolve(path))
                .timeout(Duration.ofSeconds(20))
                .header("Accept", "application/json, application/problem+json");
        customer.headers().forEach(request::header);
        headers.forEach(request::header);
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)));
        }
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new MeasurementFailed(
                    "%s %s was answered %d: %s".formatted(method, path, answer.statusCode(), answer.body()));
        }
        return json.readTree(answer.body());
    }

    private static boolean isUnderWay(JsonNode order) {
        return switch (order.path("status").asString("")) {
            case "PLACED", "RESERVED", "PAID" -> true;
            default -> false;
        };
    }

    @Override
    public void close() {
        http.close();
    }
}
