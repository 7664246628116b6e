package dev.feira.resilience;

import dev.feira.acceptance.Card;
import dev.feira.acceptance.Orders;
import dev.feira.acceptance.Reply;
import dev.feira.acceptance.Http;
import dev.feira.acceptance.SignIn;
import dev.feira.acceptance.Person;
import dev.feira.acceptance.Market;
import dev.feira.acceptance.Feira;
import dev.feira.resilience.History.Kind;
import dev.feira.resilience.History.Operation;
import dev.feira.resilience.History.Outcome;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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

/**
 * People who shop while something happens to the platform: they read on kept-alive and on new connections, and they order,
 * each request once, and all of it is written down. Bounded: a few requests a second for each client, until it is closed.
 */
final class Load implements AutoCloseable {

    /** {@code -Dfeira.load.pause}, in ms: longer where a small machine starts processes under this load, again and again. */
    private static final Duration BETWEEN =
            Duration.ofMillis(Feira.times("feira.load.pause", Feira.isEmbedded() ? 100 : 300));

    /** Without a failure for so long, it is over. */
    private static final Duration CALM = Duration.ofSeconds(1);

    /** What a client asks for; {@code key} where it places an order, {@code order} where it reads one. */
    private record Question(HttpRequest request, String key, String order) {}

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    private final History history = new History();
    private final AtomicReference<String> newestOrder = new AtomicReference<>();
    private final List<Thread> clients = new ArrayList<>();
    private final List<HttpClient> connections = new ArrayList<>();
    private final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
    private final Person customer;
    private final String sku;
    private final int stock;

    /** By key: whoever asks again has to ask for the same. */
    private final Map<String, String> sent = new ConcurrentHashMap<>();

    private Load(Person customer, String sku, int stock) {
        this.customer = customer;
        this.sku = sku;
        this.stock = stock;
    }

    /** Starts shopping as a new customer, who alone buys a new product. */
    static Load started() {
        var stock = 100_000;
        var customer = Person.registered();
        customer.accessToken(); // it may be that nobody can sign in later
        var load = new Load(customer, Market.productWithStock(stock), stock);
        for (int i = 0; i < 2; i++) {
            load.client("reader", Kind.SHELVES, kept(), () -> get("/api/products?limit=5"));
        }
        load.client("reader of one product", Kind.PRODUCT, kept(), () -> get("/api/products/" + load.sku));
        load.client("newcomer", Kind.SHELVES, null, () -> get("/api/categories"));
        load.client("owner", Kind.ORDERS, kept(), () -> load.own("/api/orders?limit=5", null));
        load.client("follower", Kind.ORDER, kept(), load::newest);
        load.client("account holder", Kind.ACCOUNT, kept(), () -> load.own("/api/users/me", null));
        load.client(
                "visitor",
                Kind.SESSION,
                SignIn.inTheShop(customer.email(), customer.password()),
                () -> get("/api/orders?limit=1"));
        var chargedAtOnce = Market.order(load.sku, 1, Card.APPROVED.token());
        var toldLater = Market.order(load.sku, 1, Card.TOLD_TWICE.token());
        load.client("buyer", Kind.PLACE, kept(), () -> load.place(chargedAtOnce));
        load.client("newcomer who buys", Kind.PLACE, null, () -> load.place(toldLater));
        return load;
    }

    private static HttpClient kept() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static Question get(String path) {
        return new Question(Http.request(path).GET().build(), null, null);
    }

    private Question own(String path, String order) {
        return new Question(customer.as(Http.request(path)).GET().build(), null, order);
    }

    private Question place(String body) {
        var key = Market.newKey();
        sent.put(key, body);
        return new Question(customer.orderRequest(key, body, 0), key, null);
    }

    private Question newest() {
        var order = newestOrder.get();
        return order == null ? null : own("/api/orders/" + order, order);
    }

    private void client(String name, Kind kind, HttpClient kept, Supplier<Question> next) {
        if (kept != null) {
            connections.add(kept);
        }
        clients.add(Thread.ofVirtual().name(name).start(() -> {
            try {
                while (!over.get()) {
                    var question = next.get();
                    if (question != null && kept == null) {
                        try (var fresh = kept()) {
                            ask(name, kind, question, fresh);
                        }
                    } else if (question != null) {
                        ask(name, kind, question, kept);
                    }
                    Http.pause(BETWEEN);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | AssertionError e) {
                broken.add(e); // a client less would be a load less, and nobody would know
            }
        }));
    }

    private void ask(String client, Kind kind, Question question, HttpClient http) throws InterruptedException {
        var begin = System.nanoTime();
        try {
            var response = http.send(question.request(), BodyHandlers.ofByteArray());
            var end = System.nanoTime();
            var reply = new Reply(response.statusCode(), response.headers(), response.body());
            if (reply.status() == (kind == Kind.PLACE ? 201 : 200)) {
                var order = kind == Kind.PLACE ? reply.at("/id") : question.order();
                var seen = switch (kind) {
                    case PRODUCT -> reply.at("/available");
                    case ORDER -> reply.at("/status");
                    default -> null;
                };
                history.add(new Operation(
                        client, kind, begin, end, Outcome.OK, reply.status(), "", question.key(), order, seen));
                answered.incrementAndGet();
                if (kind == Kind.PLACE) {
                    newestOrder.set(order);
                }
            } else {
                // 4xx: it was not done; everything else may have been, where it was more than a question
                var outcome = kind == Kind.PLACE && (reply.status() >= 500 || reply.status() == 409)
                        ? Outcome.UNKNOWN
                        : Outcome.FAILED;
                history.add(new Operation(
                        client,
                        kind,
                        begin,
                        end,
                        outcome,
                        reply.status(),
                        reply.toString(),
                        question.key(),
                        question.order(),
                        null));
            }
        } catch (IOException e) {
            var outcome = kind == Kind.PLACE ? Outcome.UNKNOWN : Outcome.FAILED;
            history.add(new Operation(
                    client,
                    kind,
                    begin,
                    System.nanoTime(),
                    outcome,
                    0,
                    e.toString(),
                    question.key(),
                    question.order(),
                    null));
        }
    }

    History history() {
        return history;
    }

    /** What was not answered as it should be, so far. */
    List<Operation> failures() {
        return history.operations().stream()
                .filter(it -> it.outcome() != Outcome.OK)
                .toList();
    }

    /** How long it took until nothing failed any more; known when everybody has been served for a while since. */
    Optional<Duration> served(long since) {
        var operations = history.operations().stream()
                .filter(operation -> operation.begin() >= since)
                .toList();
        var lastFailure = operations.stream()
                .filter(operation -> operation.outcome() != Outcome.OK)
                .mapToLong(Operation::end)
                .max()
                .orElse(since);
        var served = lastFailure;
        for (var kind : Kind.values()) {
            var sinceThen = operations.stream()
                    .filter(it -> it.kind() == kind && it.outcome() == Outcome.OK && it.begin() >= lastFailure)
                    .toList();
            if (sinceThen.stream().noneMatch(it -> it.begin() >= lastFailure + CALM.toNanos())) {
                return Optional.empty();
            }
            served = Math.max(served, sinceThen.getFirst().end());
        }
        return Optional.of(Duration.ofNanos(served - since));
    }

    int answered() {
        return answered.get();
    }

    /** How many orders were acknowledged. */
    int orders() {
        return (int) history.operations().stream()
                .filter(it -> it.kind() == Kind.PLACE && it.outcome() == Outcome.OK)
                .count();
    }

    /**
     * To be asked when it is over: sends every order again of which nobody knows whether it was placed, waits until all have
     * ended, and compares.
     *
     * @return what cannot be; see {@link History#contradictions}
     */
    List<String> contradictions() {
        Orders.awaitEnd(customer, Feira.ENDING);
        Map<String, String> found = new HashMap<>();
        for (var key : history.unknownKeys()) {
            found.put(key, customer.order(key, sent.get(key), 0).expect(201).at("/id"));
        }
        var ends = Orders.awaitEnd(customer, Feira.ENDING);
        return History.contradictions(history.operations(), found, ends, stock, Market.available(sku));
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
        connections.forEach(HttpClient::close);
        if (!broken.isEmpty()) {
            throw new AssertionError("A client of the load gave up", broken.peek());
        }
    }
}
