package dev.feira.resilience;

import static org.awaitility.Awaitility.await;

import dev.feira.acceptance.Card;
import dev.feira.acceptance.Http;
import dev.feira.acceptance.Orders;
import dev.feira.acceptance.Products;
import dev.feira.acceptance.Response;
import dev.feira.acceptance.TestPlatform;
import dev.feira.acceptance.TestUser;
import dev.feira.resilience.History.Kind;
import dev.feira.resilience.History.Operation;
import dev.feira.resilience.History.Outcome;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ten clients that read and place orders, on kept-alive and on new connections, until the load is closed. Each client sends a
 * few requests per second, each request once. The {@link History} records all of them.
 */
final class Load implements AutoCloseable {

    /** {@code -Dfeira.load.pause}, in ms: with shorter ones, two processors spend most of a restart on this load. */
    private static final Duration PAUSE = Duration.ofMillis(TestPlatform.setting("feira.load.pause", 300));

    /** Service has recovered after this time without a failure. */
    private static final Duration STABLE = Duration.ofSeconds(1);

    /** A request; {@code key} where it places an order, {@code order} where it reads one. */
    private record LoadRequest(
            HttpRequest request,
            @Nullable String key,
            @Nullable String order) {}

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger successes = new AtomicInteger();
    private final History history = new History();
    private final AtomicReference<@Nullable String> newestOrder = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<HttpClient> connections = new ArrayList<>();
    private final Queue<Throwable> clientErrors = new ConcurrentLinkedQueue<>();
    private final TestUser customer;
    private final String sku;
    private final int stock;

    /** The body of each order by its key: a repeated request needs the same body. */
    private final Map<String, String> orderBodies = new ConcurrentHashMap<>();

    private Load(TestUser customer, String sku, int stock) {
        this.customer = customer;
        this.sku = sku;
        this.stock = stock;
    }

    /** Starts the load as a new customer, the only buyer of a new product. */
    static Load started() {
        var stock = 100_000;
        var customer = TestUser.registered();
        customer.accessToken(); // sign-in may be unavailable later
        var load = new Load(customer, Products.createWithStock(stock), stock);
        for (int i = 0; i < 2; i++) {
            load.client("reader", Kind.PRODUCT_LIST, newClient(), () -> get("/api/products?limit=5"));
        }
        load.client("product reader", Kind.PRODUCT, newClient(), () -> get("/api/products/" + load.sku));
        load.client("reader, new connections", Kind.PRODUCT_LIST, null, () -> get("/api/categories"));
        load.client("order list reader", Kind.ORDER_LIST, newClient(), () -> load.own("/api/orders?limit=5", null));
        load.client("order reader", Kind.ORDER, newClient(), load::newestOrder);
        load.client("account reader", Kind.ACCOUNT, newClient(), () -> load.own("/api/users/me", null));
        load.client("session reader", Kind.SESSION, customer.signInToShop().client(), () -> get("/api/orders?limit=1"));
        var chargedImmediately = Orders.request(load.sku, 1, Card.APPROVED.token());
        var chargedByWebhook = Orders.request(load.sku, 1, Card.NOTIFIED_TWICE.token());
        load.client("buyer", Kind.PLACE_ORDER, newClient(), () -> load.placeOrder(chargedImmediately));
        load.client("buyer, new connections", Kind.PLACE_ORDER, null, () -> load.placeOrder(chargedByWebhook));
        return load;
    }

    private static HttpClient newClient() {
        return Http.newClient().build();
    }

    private static LoadRequest get(String path) {
        return new LoadRequest(Http.request(path).build(), null, null);
    }

    private LoadRequest own(String path, @Nullable String order) {
        return new LoadRequest(customer.authorize(Http.request(path)).build(), null, order);
    }

    private LoadRequest placeOrder(String body) {
        var key = Orders.newIdempotencyKey();
        orderBodies.put(key, body);
        return new LoadRequest(customer.orderRequest(key, body, 0), key, null);
    }

    private @Nullable LoadRequest newestOrder() {
        var order = newestOrder.get();
        return order == null ? null : own("/api/orders/" + order, order);
    }

    /** Starts a client; without {@code keptAlive}, each of its requests opens a connection. */
    private void client(
            String name, Kind kind, @Nullable HttpClient keptAlive, Supplier<@Nullable LoadRequest> requests) {
        if (keptAlive != null) {
            connections.add(keptAlive);
        }
        threads.add(Thread.ofVirtual().name(name).start(() -> {
            try {
                while (!stopped.get()) {
                    var request = requests.get();
                    if (request != null && keptAlive == null) {
                        try (var once = newClient()) {
                            send(name, kind, request, once);
                        }
                    } else if (request != null) {
                        send(name, kind, request, keptAlive);
                    }
                    Http.pause(PAUSE);
                }
            } catch (RuntimeException | AssertionError e) {
                clientErrors.add(e); // reported by close()
            }
        }));
    }

    private void send(String client, Kind kind, LoadRequest request, HttpClient http) {
        var start = System.nanoTime();
        try {
            record(client, kind, request, start, Http.exchange(http, request.request()));
        } catch (IOException e) {
            var outcome = kind == Kind.PLACE_ORDER ? Outcome.UNKNOWN : Outcome.FAILED;
            record(client, kind, request, start, outcome, 0, e.toString());
        }
    }

    private void record(String client, Kind kind, LoadRequest request, long start, Response response) {
        var status = response.status();
        if (status != (kind == Kind.PLACE_ORDER ? 201 : 200)) {
            // After a 5xx or a conflict, the order may exist; after another 4xx it does not
            var unknown = kind == Kind.PLACE_ORDER && (status >= 500 || status == 409);
            var outcome = unknown ? Outcome.UNKNOWN : Outcome.FAILED;
            record(client, kind, request, start, outcome, status, response.toString());
            return;
        }
        var end = System.nanoTime();
        var order = kind == Kind.PLACE_ORDER ? response.at("/id") : request.order();
        var value = switch (kind) {
            case PRODUCT -> response.at("/available");
            case ORDER -> response.at("/status");
            default -> null;
        };
        history.add(new Operation(client, kind, start, end, Outcome.OK, status, "", request.key(), order, value));
        successes.incrementAndGet();
        if (kind == Kind.PLACE_ORDER) {
            newestOrder.set(order);
        }
    }

    private void record(
            String client, Kind kind, LoadRequest request, long start, Outcome outcome, int status, String message) {
        history.add(new Operation(
                client,
                kind,
                start,
                System.nanoTime(),
                outcome,
                status,
                message,
                request.key(),
                request.order(),
                null));
    }

    History history() {
        return history;
    }

    /** Returns the operations without a success, so far. */
    List<Operation> failures() {
        return history.operations().stream()
                .filter(it -> it.outcome() != Outcome.OK)
                .toList();
    }

    /**
     * Waits until every kind of request succeeds and no request has failed for {@link #STABLE}.
     *
     * @param since {@link System#nanoTime} of the end of the fault
     * @return the time from {@code since} until the last kind of request succeeded again
     */
    Duration awaitRecovery(long since, Duration limit) {
        return await("every kind of request succeeds again")
                .atMost(limit)
                .until(() -> recoveryTime(since), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<Duration> recoveryTime(long since) {
        var operations = history.operations().stream()
                .filter(operation -> operation.start() >= since)
                .toList();
        var lastFailure = operations.stream()
                .filter(operation -> operation.outcome() != Outcome.OK)
                .mapToLong(Operation::end)
                .max()
                .orElse(since);
        var recovered = lastFailure;
        for (var kind : Kind.values()) {
            var successesSince = operations.stream()
                    .filter(it -> it.kind() == kind && it.outcome() == Outcome.OK && it.start() >= lastFailure)
                    .toList();
            if (successesSince.stream().noneMatch(it -> it.start() >= lastFailure + STABLE.toNanos())) {
                return Optional.empty();
            }
            recovered = Math.max(recovered, successesSince.getFirst().end());
        }
        return Optional.of(Duration.ofNanos(recovered - since));
    }

    /** Returns the number of successful requests, so far. */
    int successes() {
        return successes.get();
    }

    /** Returns the number of acknowledged orders, so far. */
    int orders() {
        return (int) history.operations().stream()
                .filter(it -> it.kind() == Kind.PLACE_ORDER && it.outcome() == Outcome.OK)
                .count();
    }

    /**
     * Compares the history with the final state. Call it after {@link #close}: it repeats every order request with an unknown
     * outcome, and waits until all orders have a final status.
     *
     * @return one line for each contradiction; see {@link History#contradictions}
     */
    List<String> contradictions() {
        Orders.awaitFinalStatuses(customer, TestPlatform.COMPLETION_DEADLINE);
        Map<String, @Nullable String> resolved = new HashMap<>();
        for (var key : history.unknownKeys()) {
            resolved.put(
                    key,
                    customer.placeOrder(key, orderBodies.get(key), 0)
                            .expect(201)
                            .at("/id"));
        }
        var statuses = Orders.awaitFinalStatuses(customer, TestPlatform.COMPLETION_DEADLINE);
        return History.contradictions(history.operations(), resolved, statuses, stock, Products.available(sku));
    }

    @Override
    public void close() {
        stopped.set(true);
        for (var thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        connections.forEach(HttpClient::close);
        if (!clientErrors.isEmpty()) {
            throw new AssertionError("A client of the load stopped", clientErrors.peek());
        }
    }
}
