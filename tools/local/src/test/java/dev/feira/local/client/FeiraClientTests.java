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

/** Against a server on loopback that answers as the contract says; the acceptance tests use the real platform. */
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
            answer(exchange, 201, order("PLACED"));
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
                case 1 -> answer(exchange, 200, order("PLACED"), "ETag", "\"1\"");
                case 2 -> {
                    assertThat(header(exchange, "If-None-Match")).isEqualTo("\"1\"");
                    exchange.sendResponseHeaders(304, -1);
                    exchange.close();
                }
                default -> answer(exchange, 200, order("CONFIRMED"), "ETag", "\"2\"");
            }
        });

        assertThat(client.awaitFinal(ORDER, Duration.ofSeconds(10)).isConfirmed())
                .isTrue();
        assertThat(polls).hasValue(3);
    }

    @Test
    void throwsProblemWithStatusTypeAndDetail() {
        server.createContext(
                "/api/products/",
                exchange -> answer(
                        exchange,
                        404,
                        "{\"type\":\"urn:feira:problem:product-not-found\",\"title\":\"Not Found\",\"status\":404,"
                                + "\"detail\":\"There is no product X-1.\"}"));

        var problem = catchThrowableOfType(ApiProblem.class, () -> client.product("X-1"));

        assertThat(problem.status()).isEqualTo(404);
        assertThat(problem.type()).isEqualTo("product-not-found");
        assertThat(problem).hasMessageContaining("There is no product X-1.").hasMessageContaining("/api/products/X-1");
    }

    @Test
    void throwsProblemWhenResponseIsNotJson() {
        server.createContext("/api/products/", exchange -> answer(exchange, 502, "<html>Bad gateway</html>"));

        var problem = catchThrowableOfType(ApiProblem.class, () -> client.product("X-1"));

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
    void readsAllPagesOfList() {
        server.createContext("/api/orders", exchange -> {
            var second = exchange.getRequestURI().getQuery().contains("cursor=next+1")
                    || exchange.getRequestURI().getQuery().contains("cursor=next 1");
            answer(
                    exchange,
                    200,
                    second
                            ? "{\"items\":[{\"id\":\"%s\",\"status\":\"CONFIRMED\"}],\"nextCursor\":null}"
                                    .formatted(ORDER)
                            : "{\"items\":[{\"id\":\"%s\",\"status\":\"PLACED\"}],\"nextCursor\":\"next 1\"}"
                                    .formatted(ORDER));
        });

        assertThat(client.orders()).extracting(FeiraClient.OrderSummary::status).containsExactly("PLACED", "CONFIRMED");
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
    void waitsUntilDeviceSignInIsComplete() throws InterruptedException {
        discovery();
        var asked = new AtomicInteger();
        server.createContext(
                "/device",
                exchange -> answer(
                        exchange,
                        200,
                        "{\"device_code\":\"d\",\"user_code\":\"ABCD-EFGH\",\"verification_uri\":\"" + url
                                + "/id/activate\",\"expires_in\":300,\"interval\":0}"));
        server.createContext("/token", exchange -> {
            if (asked.incrementAndGet() < 3) {
                answer(exchange, 400, "{\"error\":\"authorization_pending\"}");
            } else {
                answer(exchange, 200, "{\"access_token\":\"access-2\",\"expires_in\":600}");
            }
        });

        var device = client.signIn().onDevice();
        assertThat(device.userCode()).isEqualTo("ABCD-EFGH");

        assertThat(client.signIn().awaitDevice(device).access()).isEqualTo("access-2");
        assertThat(asked).hasValue(3);
    }

    private void discovery() {
        server.createContext(
                "/id/.well-known/openid-configuration", exchange -> answer(exchange, 200, """
                        {"authorization_endpoint": "%1$s/authorize", "token_endpoint": "%1$s/token",
                         "device_authorization_endpoint": "%1$s/device"}
                        """.formatted(url)));
    }

    /** An OpenID provider as small as it can be: it checks the cookie, the form's hidden value, state and PKCE. */
    private void provider(String password) {
        discovery();
        var asked = new java.util.concurrent.ConcurrentHashMap<String, String>();
        server.createContext("/authorize", exchange -> {
            if (header(exchange, "Cookie").contains("SESSION=in")) {
                redirect(exchange, asked.get("redirect_uri") + "?code=c-1&state=" + asked.get("state"));
            } else {
                asked.putAll(parameters(exchange.getRequestURI().getRawQuery()));
                exchange.getResponseHeaders().add("Set-Cookie", "SESSION=out; Path=/; HttpOnly");
                redirect(exchange, "/login");
            }
        });
        server.createContext("/login", exchange -> {
            var form = parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (exchange.getRequestMethod().equals("GET")) {
                answer(
                        exchange,
                        200,
                        "<form method=post action=/login><input type=hidden name=_csrf value=t>"
                                + "<input name=username><input type=password name=password></form>");
            } else if (form.equals(Map.of("_csrf", "t", "username", "ana@feira.example", "password", password))) {
                exchange.getResponseHeaders().add("Set-Cookie", "SESSION=in; Path=/; HttpOnly");
                redirect(exchange, "/authorize");
            } else {
                redirect(exchange, "/login?error");
            }
        });
        server.createContext("/token", exchange -> {
            var form = parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            var right = "c-1".equals(form.get("code"))
                    && asked.get("redirect_uri").equals(form.get("redirect_uri"))
                    && asked.get("code_challenge").equals(sha256(form.get("code_verifier")));
            answer(
                    exchange,
                    right ? 200 : 400,
                    right
                            ? "{\"access_token\":\"access-1\",\"refresh_token\":\"refresh-1\",\"expires_in\":600}"
                            : "{\"error\":\"invalid_grant\"}");
        });
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

    private static void answer(HttpExchange exchange, int status, String body, String... headers) throws IOException {
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
