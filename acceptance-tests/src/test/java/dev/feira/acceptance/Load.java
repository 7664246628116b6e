package dev.feira.acceptance;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * People who shop while something happens to the platform: they read on kept-alive and on new connections, and they order,
 * each request once. Whatever is not the answer that it should be is a failure. Bounded: a few requests a second for each
 * client, on this machine only, until it is closed.
 */
final class Load implements AutoCloseable {

    private static final Duration BETWEEN = Duration.ofMillis(100);

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Map<String, String> orders = new ConcurrentHashMap<>();
    private final List<Thread> clients = new ArrayList<>();

    private Load() {}

    /** Starts shopping as {@code customer}, who buys {@code sku}. */
    static Load of(Person customer, String sku) {
        var load = new Load();
        var token = Card.APPROVED.token();
        for (int i = 0; i < 3; i++) {
            load.client("reader", kept(), () -> get("/api/products?limit=5"));
        }
        load.client("reader of one product", kept(), () -> get("/api/products/" + sku));
        load.client("newcomer", null, () -> get("/api/categories"));
        load.client(
                "owner",
                kept(),
                () -> customer.as(Http.request("/api/orders?limit=5")).GET().build());
        for (int i = 0; i < 2; i++) {
            load.client("buyer", kept(), () -> customer.orderRequest(Market.newKey(), Market.order(sku, 1, token), 0));
        }
        return load;
    }

    private static HttpClient kept() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static HttpRequest get(String path) {
        return Http.request(path).GET().build();
    }

    private void client(String name, HttpClient kept, Supplier<HttpRequest> next) {
        clients.add(Thread.ofVirtual().name(name).start(() -> {
            while (!over.get()) {
                var request = next.get();
                var begin = Instant.now();
                try {
                    if (kept == null) {
                        try (var fresh = kept()) {
                            judge(name, begin, request, fresh);
                        }
                    } else {
                        judge(name, begin, request, kept);
                    }
                } catch (IOException e) {
                    failures.add("%s %s %s %s: %s".formatted(begin, name, request.method(), request.uri(), e));
                } catch (InterruptedException e) {
                    return;
                }
                Http.pause(BETWEEN);
            }
        }));
    }

    private void judge(String name, Instant begin, HttpRequest request, HttpClient client)
            throws IOException, InterruptedException {
        var response = client.send(request, BodyHandlers.ofByteArray());
        var reply = new Reply(response.statusCode(), response.headers(), response.body());
        var wanted = request.method().equals("POST") ? 201 : 200;
        if (reply.status() == wanted) {
            answered.incrementAndGet();
            if (wanted == 201) {
                orders.put(reply.at("/id"), name);
            }
        } else {
            failures.add("%s %s %s %s after %s: %s"
                    .formatted(
                            begin,
                            name,
                            request.method(),
                            request.uri(),
                            Duration.between(begin, Instant.now()),
                            reply));
        }
    }

    /** What was not answered as it should be, so far. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    int answered() {
        return answered.get();
    }

    /** The orders that were acknowledged. */
    List<String> orders() {
        return List.copyOf(orders.keySet());
    }

    @Override
    public void close() {
        over.set(true);
        for (var client : clients) {
            try {
                client.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
