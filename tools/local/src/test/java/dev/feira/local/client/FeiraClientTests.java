package dev.feira.local.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.feira.local.client.FeiraClient.NewOrder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uses a server on loopback with responses of the API contract; the acceptance tests use the real platform. */
class FeiraClientTests {

    private static final UUID ORDER = UUID.fromString("6f0f0a3e-6d8c-4d3b-8d5e-0a3c0e9d1f11");

    private HttpServer server;
    private URI url;
    private FeiraClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        client = FeiraClient.at(url);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void sendsOrderWithKeyTokenAndWait() {
        var received = new ArrayList<String>();
        server.createContext("/api/orders", exchange -> {
            received.add(header(exchange, "Idempotency-Key"));
            received.add(header(exchange, "Prefer"));
            received.add(header(exchange, "Authorization"));
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            respond(exchange, 201, order("PLACED"));
        });
        var address = new Address("Ana", "Rua 1", "1200-195", "Lisboa", "PT");
        var card = new CardToken("tok_1", "visa", "4242");

        var order = client.with(new Tokens("abc", null, Duration.ofMinutes(10)))
                .place(
                        new NewOrder(List.of(new Line("A-1", 2)), address, card, new Money("6.40", "EUR")),
                        "key 1",
                        Duration.ofSeconds(2));

        assertThat(order.id()).isEqualTo(ORDER);
        assertThat(order.isFinal()).isFalse();
        assertThat(received).startsWith("key 1", "wait=2", "Bearer abc");
        assertThat(received.getLast())
                .contains("\"lines\":[{", "\"sku\":\"A-1\"", "\"quantity\":2")
                .contains("\"payment\":{\"token\":\"tok_1\"}", "\"expectedTotal\":{", "\"amount\":\"6.40\"");
    }

    @Test
    void pollsOrderUntilItIsFinal() {
        var polls = new AtomicInteger();
        server.createContext("/api/orders/", exchange -> {
            switch (polls.incrementAndGet()) {
                case 1 -> respond(exchange, 200, order("PLACED"), "ETag", "\"1\"");
                case 2 -> {
                    assertThat(header(exchange, "If-None-Match")).isEqualTo("\"1\"");
                    exchange.sendResponseHeaders(304, -1);
                    exchange.close();
                }
                default -> respond(exchange, 200, order("CONFIRMED"), "ETag", "\"2\"");
            }
        });

        assertThat(client.awaitFinal(ORDER, Duration.ofSeconds(10)).isConfirmed())
                .isTrue();
        assertThat(polls).hasValue(3);
    }

    @Test
    void throwsProblemWithStatusTypeAndDetail() {
        server.createContext(
                "/api/products",
                exchange -> respond(
                        exchange,
                        404,
                        "{\"type\":\"urn:feira:problem:product-not-found\",\"title\":\"Not Found\",\"status\":404,"
                                + "\"detail\":\"There is no product X-1.\"}"));

        var problem = catchThrowableOfType(ApiProblem.class, () -> client.products("X-1", 1));

        assertThat(problem.status()).isEqualTo(404);
        assertThat(problem.type()).isEqualTo("product-not-found");
        assertThat(problem).hasMessageContaining("There is no product X-1.").hasMessageContaining("/api/products");
    }

    @Test
    void throwsProblemWhenResponseIsNotJson() {
        server.createContext("/api/products", exchange -> respond(exchange, 502, "<html>Bad gateway</html>"));

        var problem = catchThrowableOfType(ApiProblem.class, () -> client.products("X-1", 1));

        assertThat(problem.status()).isEqualTo(502);
        assertThat(problem.type()).isEmpty();
    }

    @Test
    void throwsUnreachableWithTheAddress() {
        server.stop(0);

        var unreachable = catchThrowableOfType(Unreachable.class, () -> client.products("", 1));

        assertThat(unreachable).hasMessageContaining(url.toString());
    }

    @Test
    void signsInThroughLoginPageWithPkce() {
        provider("right");

        var tokens = client.signIn().withPassword("ana@feira.example", "right");

        assertThat(tokens.access()).isEqualTo("access-1");
        assertThat(tokens.refresh()).isEqualTo("refresh-1");
        assertThat(tokens.validFor()).isEqualTo(Duration.ofMinutes(10));
        assertThat(tokens.toString()).doesNotContain("access-1");
    }

    @Test
    void throwsLoginRefusedWhenPasswordIsWrong() {
        provider("right");

        var problem = catchThrowableOfType(
                ApiProblem.class, () -> client.signIn().withPassword("ana@feira.example", "wrong"));

        assertThat(problem.type()).isEqualTo("login-refused");
    }

    @Test
    void repeatsTokenRequestAfterRetryAfter() {
        var requests = new AtomicInteger();
        server.createContext("/id/oauth2/token", exchange -> {
            if (requests.incrementAndGet() == 1) {
                respond(exchange, 429, "{}", "Retry-After", "0");
            } else {
                respond(exchange, 200, "{\"access_token\":\"access-3\",\"expires_in\":600}");
            }
        });

        var tokens = client.signIn().refresh(new Tokens("old", "refresh-2", Duration.ZERO));

        assertThat(tokens.access()).isEqualTo("access-3");
        assertThat(requests).hasValue(2);
    }

    @Test
    void keepsCookiesOfSessionInShop() {
        provider("right");
        shop();

        try (var session = client.signIn().inShop("ana@feira.example", "right")) {
            assertThat(session.cookie("SESSION")).isEqualTo("in");
            assertThat(session.cookie("OTHER")).isEmpty();
        }
    }

    @Test
    void throwsLoginRefusedWhenPasswordForShopIsWrong() {
        provider("right");
        shop();

        var problem =
                catchThrowableOfType(ApiProblem.class, () -> client.signIn().inShop("ana@feira.example", "wrong"));

        assertThat(problem.type()).isEqualTo("login-refused");
    }

    @Test
    void waitsUntilDeviceSignInIsComplete() throws InterruptedException {
        var requested = new AtomicInteger();
        server.createContext(
                "/id/oauth2/device_authorization",
                exchange -> respond(
                        exchange,
                        200,
                        "{\"device_code\":\"d\",\"user_code\":\"ABCD-EFGH\",\"verification_uri\":\"" + url
                                + "/id/activate\",\"expires_in\":300,\"interval\":0}"));
        server.createContext("/id/oauth2/token", exchange -> {
            if (requested.incrementAndGet() < 3) {
                respond(exchange, 400, "{\"error\":\"authorization_pending\"}");
            } else {
                respond(exchange, 200, "{\"access_token\":\"access-2\",\"expires_in\":600}");
            }
        });

        var device = client.signIn().onDevice();
        assertThat(device.userCode()).isEqualTo("ABCD-EFGH");

        assertThat(client.signIn().awaitDevice(device).access()).isEqualTo("access-2");
        assertThat(requested).hasValue(3);
    }

    /** A minimal OpenID provider: checks the cookie, the form's hidden field, the state and PKCE. */
    private void provider(String password) {
        var requested = new java.util.concurrent.ConcurrentHashMap<String, String>();
        server.createContext("/id/oauth2/authorize", exchange -> {
            if (!header(exchange, "Accept").equals("text/html")) {
                respond(exchange, 400, "{}");
            } else if (header(exchange, "Cookie").contains("SESSION=in")) {
                redirect(exchange, requested.get("redirect_uri") + "?code=c-1&state=" + requested.get("state"));
            } else {
                requested.putAll(parameters(exchange.getRequestURI().getRawQuery()));
                exchange.getResponseHeaders().add("Set-Cookie", "SESSION=out; Path=/; HttpOnly");
                redirect(exchange, "/id/login");
            }
        });
        server.createContext("/id/login", exchange -> {
            var form = parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (exchange.getRequestMethod().equals("GET")) {
                respond(
                        exchange,
                        200,
                        "<form method=post action=/id/login><input type=hidden name=_csrf value=t>"
                                + "<input name=username><input type=password name=password></form>");
            } else if (form.equals(Map.of("_csrf", "t", "username", "ana@feira.example", "password", password))) {
                exchange.getResponseHeaders().add("Set-Cookie", "SESSION=in; Path=/; HttpOnly");
                redirect(exchange, "/id/oauth2/authorize");
            } else {
                redirect(exchange, "/id/login?error");
            }
        });
        server.createContext("/id/oauth2/token", exchange -> {
            var form = parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            var right = "c-1".equals(form.get("code"))
                    && requested.get("redirect_uri").equals(form.get("redirect_uri"))
                    && requested.get("code_challenge").equals(sha256(form.get("code_verifier")));
            respond(
                    exchange,
                    right ? 200 : 400,
                    right
                            ? "{\"access_token\":\"access-1\",\"refresh_token\":\"refresh-1\",\"expires_in\":600}"
                            : "{\"error\":\"invalid_grant\"}");
        });
    }

    /** The shop behind the provider: the login ends at the page, and /session says whether the cookie is signed in. */
    private void shop() {
        server.createContext("/login", exchange -> redirect(exchange, "/id/login"));
        server.createContext("/", exchange -> respond(exchange, 200, "<p>shop</p>"));
        server.createContext(
                "/session",
                exchange -> respond(
                        exchange,
                        200,
                        "{\"authenticated\":" + header(exchange, "Cookie").contains("SESSION=in") + "}"));
    }

    private static String order(String status) {
        return """
                {"id": "%s", "status": "%s", "placedAt": "2026-11-23T10:00:00Z", "lines": [],
                 "totals": {"net": {"amount": "6.04", "currency": "EUR"}, "vat": {"amount": "0.36", "currency": "EUR"},
                            "gross": {"amount": "6.40", "currency": "EUR"}},
                 "payment": null, "rejection": null, "timeline": [], "aFieldOfALaterVersion": 1}
                """.formatted(ORDER, status);
    }

    private static String header(HttpExchange exchange, String name) {
        var value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private static Map<String, String> parameters(String encoded) {
        return Arrays.stream(encoded.split("&"))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().add("Location", location);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private static void respond(HttpExchange exchange, int status, String body, String... headers) throws IOException {
        for (var i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
        }
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
