package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.local.client.ApiProblem;
import dev.feira.local.client.BrowserSession;
import dev.feira.local.client.FeiraClient;
import dev.feira.local.client.SignIn;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** An account, and requests to the public API with its access token. Safe for use by many threads. */
public final class TestUser {

    public static final String PASSWORD = "small stalls, good bread 7";

    private static final Map<String, TestUser> DEMO_USERS = new ConcurrentHashMap<>();

    /** Access tokens expire after 10 minutes. */
    private static final Duration TOKEN_RENEWAL = Duration.ofMinutes(7);

    private final String email;
    private final String password;
    private String accessToken = "";
    private Instant signedInAt = Instant.MIN;

    private TestUser(String email, String password) {
        this.email = email;
        this.password = password;
    }

    /** Registers a new customer. */
    public static TestUser registered() {
        var email = "anyone." + TestPlatform.unique().toLowerCase(Locale.ROOT) + "@feira.example";
        Http.post("/api/users", """
                        {"email": "%s", "password": "%s", "name": "Rita Anyone"}""".formatted(email, PASSWORD)).expect(201);
        return new TestUser(email, PASSWORD);
    }

    /** Returns the demo account of the staff. */
    public static TestUser staff() {
        return demo("sofia@feira.example");
    }

    /** Returns the demo account that administers accounts and keys. */
    public static TestUser admin() {
        return demo("admin@feira.example");
    }

    /** Discards the tokens of the demo accounts: the next use signs in again. */
    static void discardTokens() {
        DEMO_USERS.clear();
    }

    private static TestUser demo(String email) {
        return DEMO_USERS.computeIfAbsent(email, it -> new TestUser(it, TestPlatform.demoPassword()));
    }

    public String password() {
        return password;
    }

    public String email() {
        return email;
    }

    public synchronized String accessToken() {
        if (signedInAt.plus(TOKEN_RENEWAL).isBefore(Instant.now())) {
            accessToken = signIn();
            signedInAt = Instant.now();
        }
        return accessToken;
    }

    /** Signs in through the login page, with the client {@code feira-cli}, and returns the new access token. */
    public String signIn() {
        return signIn(way -> way.withPassword(email, password).access());
    }

    /** Signs in to the shop, as a browser does. The caller closes the session. */
    public BrowserSession signInToShop() {
        return signIn(way -> way.inShop(email, password));
    }

    private <T> T signIn(Function<SignIn, T> way) {
        var client = FeiraClient.at(TestPlatform.uri(""));
        return await("sign-in of " + email)
                .atMost(Duration.ofMinutes(2))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptionsMatching(
                        e -> e instanceof ApiProblem problem && (problem.status() == 429 || problem.status() == 503))
                .until(() -> way.apply(client.signIn()), Objects::nonNull);
    }

    public Response get(String path) {
        return send(Http.request(path));
    }

    public Response post(String path, String body) {
        return send(Http.json(path, "POST", body));
    }

    public Response put(String path, String body) {
        return send(Http.json(path, "PUT", body));
    }

    public Response delete(String path) {
        return send(Http.request(path).DELETE());
    }

    /** Sends with the access token; repeats as {@link Http#sendWithRetry}. */
    public Response send(HttpRequest.Builder request) {
        return Http.sendWithRetry(authorize(request).build());
    }

    /** Sends once with the access token. */
    public Response sendOnce(HttpRequest.Builder request) {
        return Http.send(authorize(request).build());
    }

    public HttpRequest.Builder authorize(HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer " + accessToken());
    }

    public HttpRequest orderRequest(String key, String body, int waitSeconds) {
        return authorize(Http.json("/api/orders", "POST", body))
                .header("Idempotency-Key", key)
                .header("Prefer", "wait=" + waitSeconds)
                .build();
    }

    /** Places an order; repeats as {@link Http#sendWithRetry}. */
    public Response placeOrder(String key, String body, int waitSeconds) {
        return Http.sendWithRetry(orderRequest(key, body, waitSeconds));
    }

    /** Sends the order once; throws where no response arrives. */
    public Response placeOrderOnce(String key, String body, int waitSeconds) throws IOException {
        return Http.exchange(orderRequest(key, body, waitSeconds));
    }

    public Response getOrder(String id) {
        return get("/api/orders/" + id);
    }

    /** Long-polls an order until its status is final. */
    public Response awaitFinalStatus(String id, Duration timeout) {
        var deadline = System.nanoTime() + timeout.toNanos();
        var response = getOrder(id).expect(200);
        while (!Orders.isFinal(response.at("/status")) && System.nanoTime() < deadline) {
            var etag = response.header("ETag").orElseThrow();
            var next = send(Http.request("/api/orders/" + id)
                    .header("If-None-Match", etag)
                    .header("Prefer", "wait=5"));
            response = next.status() == 304 ? response : next.expect(200);
        }
        assertThat(Orders.isFinal(response.at("/status")))
                .as("order %s has a final status within %s: %s", id, timeout, response)
                .isTrue();
        return response;
    }
}
