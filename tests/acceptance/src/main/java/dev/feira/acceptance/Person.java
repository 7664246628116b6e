package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Somebody with an account and a client of the public API. May be used by many threads. */
public final class Person {

    public static final String PASSWORD = "small stalls, good bread 7";

    private static final Map<String, Person> DEMO = new ConcurrentHashMap<>();

    /** Access tokens are good for 10 minutes; a new one is fetched well before. */
    private static final Duration FRESH = Duration.ofMinutes(7);

    private final String email;
    private final String password;
    private String accessToken;
    private Instant fetchedAt = Instant.MIN;

    private Person(String email, String password) {
        this.email = email;
        this.password = password;
    }

    /** A new customer. */
    public static Person registered() {
        var email = "anyone." + Feira.unique().toLowerCase(Locale.ROOT) + "@feira.example";
        Http.post("/api/users", """
                        {"email": "%s", "password": "%s", "name": "Rita Anyone"}""".formatted(email, PASSWORD)).expect(201);
        return new Person(email, PASSWORD);
    }

    /** The demo customer, signed in once for all tests. */
    public static Person ana() {
        return demo("ana@feira.example");
    }

    public static Person bruno() {
        return demo("bruno@feira.example");
    }

    /** The demo account of the staff. */
    public static Person staff() {
        return demo("sofia@feira.example");
    }

    /** The demo account that administers accounts and keys. */
    public static Person admin() {
        return demo("admin@feira.example");
    }

    /** Has the demo accounts sign in anew when they are asked for next: their tokens may be good no more. */
    public static void forgetTokens() {
        DEMO.clear();
    }

    private static Person demo(String email) {
        return DEMO.computeIfAbsent(email, it -> new Person(it, Feira.demoPassword()));
    }

    public String password() {
        return password;
    }

    public String email() {
        return email;
    }

    public synchronized String accessToken() {
        if (fetchedAt.plus(FRESH).isBefore(Instant.now())) {
            accessToken = SignIn.as(email, password).expect(200).at("/access_token");
            fetchedAt = Instant.now();
        }
        return accessToken;
    }

    public Reply get(String path) {
        return Http.patiently(as(Http.request(path)).GET().build());
    }

    public Reply get(String path, String header, String value) {
        return Http.patiently(as(Http.request(path)).header(header, value).GET().build());
    }

    public Reply post(String path, String body) {
        return Http.patiently(as(Http.json(path, "POST", body)).build());
    }

    public Reply put(String path, String body) {
        return Http.patiently(as(Http.json(path, "PUT", body)).build());
    }

    public HttpRequest.Builder as(HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer " + accessToken());
    }

    public HttpRequest orderRequest(String key, String body, int waitSeconds) {
        return as(Http.json("/api/orders", "POST", body))
                .header("Idempotency-Key", key)
                .header("Prefer", "wait=" + waitSeconds)
                .build();
    }

    /** Places an order; with patience where the platform asks for it. */
    public Reply order(String key, String body, int waitSeconds) {
        return Http.patiently(orderRequest(key, body, waitSeconds));
    }

    /** Places an order once; throws where there is no answer. */
    public Reply orderOnce(String key, String body, int waitSeconds) throws IOException {
        return Http.sendOrFail(orderRequest(key, body, waitSeconds));
    }

    public Reply orderOf(String id) {
        return get("/api/orders/" + id);
    }

    /** The order once its end state is reached. */
    public Reply endOf(String id, Duration patience) {
        var deadline = System.nanoTime() + patience.toNanos();
        var reply = orderOf(id).expect(200);
        while (!isFinal(reply) && System.nanoTime() < deadline) {
            // The platform's own long poll: answers when the order changes, 304 when it does not
            var etag = reply.header("ETag").orElseThrow();
            var next = Http.patiently(as(Http.request("/api/orders/" + id))
                    .header("If-None-Match", etag)
                    .header("Prefer", "wait=5")
                    .build());
            reply = next.status() == 304 ? reply : next.expect(200);
        }
        assertThat(isFinal(reply))
                .as("order %s ended within %s: %s", id, patience, reply)
                .isTrue();
        return reply;
    }

    public static boolean isFinal(Reply order) {
        return switch (order.at("/status")) {
            case "PLACED", "RESERVED", "PAID" -> false;
            case "CONFIRMED", "REJECTED", "CANCELLED", "SHIPPED", "DELIVERED", "RETURNED" -> true;
            case null, default -> throw new AssertionError("not an order: " + order);
        };
    }
}
