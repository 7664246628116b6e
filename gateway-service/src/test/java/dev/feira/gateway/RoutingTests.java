package dev.feira.gateway;

import static dev.feira.gateway.Backend.responding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import dev.feira.test.RawRequest;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Public paths, and paths without a route. */
class RoutingTests {

    /** As {@link Gateways#start} sets. */
    private static final int BROWSING_PERMITS = 4;

    private final Gateways.Gateway gateway = Gateways.first().healed();
    private final Http http = gateway.http();
    private Backend catalog;
    private Backend orders;
    private Backend users;
    private Backend notifications;
    private Backend payments;

    @BeforeEach
    void services() {
        catalog = new Backend().that(responding(200, "{\"from\":\"catalog\"}"));
        orders = new Backend().that(responding(200, "{\"from\":\"orders\"}"));
        users = new Backend().that(responding(200, "{\"from\":\"users\"}"));
        notifications = new Backend().that(responding(200, "{\"from\":\"notifications\"}"));
        payments = new Backend().that(responding(200, "{\"from\":\"payments\"}"));
        gateway.with("catalog-service", catalog)
                .with("order-service", orders)
                .with("user-service", users)
                .with("notification-service", notifications)
                .with("payment-simulator", payments);
    }

    @AfterEach
    void stop() {
        List.of(catalog, orders, users, notifications, payments).forEach(Backend::close);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/products, catalog, /products",
        "/api/products?q=p%C3%A3o%20de%20l%C3%B3&sort=-price&x=a%2Bb%26c, catalog,"
                + " /products?q=p%C3%A3o%20de%20l%C3%B3&sort=-price&x=a%2Bb%26c",
        "/api/products/FRU-ORANGE, catalog, /products/FRU-ORANGE",
        "/api/products/FRU-ORANGE/stock-movements, catalog, /products/FRU-ORANGE/stock-movements",
        "/api/categories, catalog, /categories",
        "/api/pictures/orange.webp, catalog, /pictures/orange.webp",
        "/api/audits/catalog, catalog, /audit",
        "/api/parked-events/catalog, catalog, /parked-events",
        "/api/parked-events/catalog/7/retry, catalog, /parked-events/7/retry",
        "/api/parked-events/catalog/audit, catalog, /parked-events/audit",
        "/api/parked-events/orders, orders, /parked-events",
        "/api/parked-events/orders/7/retry, orders, /parked-events/7/retry",
        "/api/quotes, orders, /quotes",
        "/api/orders, orders, /orders",
        "/api/orders/5d0f/cancellation, orders, /orders/5d0f/cancellation",
        "/api/webhooks/payments, orders, /webhooks/payments",
        "/api/audits/orders, orders, /audit",
        "/api/audits/users, users, /id/audit",
        "/api/audits/notifications, notifications, /audit",
        "/api/mails, notifications, /mails",
        "/api/mails/1/html, notifications, /mails/1/html",
        "/api/parked-events/notifications/7/retry, notifications, /parked-events/7/retry",
        "/openapi/notifications.json, notifications, /openapi.json/public",
        "/api/users/me, users, /id/users/me",
        "/api/users, users, /id/users",
        "/id/login, users, /id/login",
        "/id/oauth2/authorize?response_type=code, users, /id/oauth2/authorize?response_type=code",
        "/id/.well-known/openid-configuration, users, /id/.well-known/openid-configuration",
        "/id/userinfo, users, /id/userinfo",
        "/id/connect/logout, users, /id/connect/logout",
        "/id/assets/css/feira-id.css, users, /id/assets/css/feira-id.css",
        "/id/activate, users, /id/activate",
        "/id/verification?token=a, users, /id/verification?token=a",
        "/id/password-reset?token=a, users, /id/password-reset?token=a",
        "/id/email-change?token=a, users, /id/email-change?token=a",
        "/payment-simulator/tokens, payments, /tokens",
        "/payment-simulator/cards, payments, /cards",
    })
    void routesEachPublicPathToItsService(String path, String service, String arrives) {
        var reply = http.get(path);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("from").asString()).isEqualTo(service);
        var backend = List.of(catalog, orders, users, notifications, payments).stream()
                .filter(candidate -> !candidate.seen().isEmpty())
                .findFirst()
                .orElseThrow();
        assertThat(backend.last().path()).isEqualTo(arrives);
    }

    /** Browsers send these characters unencoded in a query (URL standard, query percent-encode set). */
    @ParameterizedTest
    @CsvSource({
        "/api/products?q=a|b[c], /products?q=a%7Cb%5Bc%5D",
        "/api/products?q={d}^e`f\\g&x[]=1, /products?q=%7Bd%7D%5Ee%60f%5Cg&x%5B%5D=1",
        "/api/products?q=p%C3%A3o|[, /products?q=p%C3%A3o%7C%5B",
    })
    void forwardsQueryThatBrowsersSendUnencoded(String path, String arrives) throws IOException {
        assertThat(RawRequest.get(gateway.port(), path)).startsWith("HTTP/1.1 200 ");

        assertThat(catalog.last().path()).isEqualTo(arrives);
    }

    @Test
    void forwardsStateOfASignInThatBrowsersSendUnencoded() throws IOException {
        assertThat(RawRequest.get(gateway.port(), "/id/oauth2/authorize?state=a|b[c]"))
                .startsWith("HTTP/1.1 200 ");

        assertThat(users.last().path()).isEqualTo("/id/oauth2/authorize?state=a%7Cb%5Bc%5D");
    }

    @Test
    void compressesAListWithAWeakETag() throws Exception {
        var list = "{\"items\":[\"" + "a".repeat(2048) + "\"]}";
        catalog.that(responding(200, list, "ETag", "W/\"0a1b\""));

        var reply = compressed("/api/products");

        assertThat(reply.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(reply.headers().firstValue("ETag")).hasValue("W/\"0a1b\"");
        assertThat(reply.headers().firstValue("Vary").orElse("")).contains("accept-encoding");
        try (var body = new GZIPInputStream(new ByteArrayInputStream(reply.body()))) {
            assertThat(body).hasContent(list);
        }
        assertThat(http.get("/api/products").header("Content-Encoding")).isEmpty();
    }

    @Test
    void compressesNeitherASmallListNorAStrongETag() throws Exception {
        catalog.that(responding(200, "{\"items\":[]}", "ETag", "W/\"0a1b\""));
        assertThat(compressed("/api/products").headers().firstValue("Content-Encoding"))
                .isEmpty();
        catalog.that(responding(200, "{\"a\":\"" + "a".repeat(2048) + "\"}", "ETag", "\"1.1\""));
        assertThat(compressed("/api/products/A").headers().firstValue("Content-Encoding"))
                .isEmpty();
    }

    private HttpResponse<byte[]> compressed(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        http.request("GET", path, null, "Accept-Encoding", "gzip"),
                        HttpResponse.BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"W/\"0a1b\"", "\"0a1b\"", "W/\"0a1b-gzip\""})
    void returns304ForAListThatTheClientHas(String tag) {
        catalog.that(exchange -> {
            var known = exchange.getRequestHeaders().getFirst("If-None-Match");
            responding(known.contains("\"0a1b\"") ? 304 : 200, "", "ETag", "W/\"0a1b\"")
                    .handle(exchange);
        });

        var reply = http.get("/api/products", "If-None-Match", tag);

        assertThat(reply.status()).isEqualTo(304);
        assertThat(reply.header("ETag")).contains("W/\"0a1b\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/prices",
                "/api/prices",
                "/api/reservations",
                "/api/reservations/1/confirmation",
                "/reservations/1",
                "/audit",
                "/api/audit",
                "/id/audit",
                "/api/audits/payments",
                "/id/feeds/users",
                "/feeds/stock",
                "/api/feeds/users",
                "/mails",
                "/api/feeds/orders",
                "/feeds/orders",
                "/parked-events",
                "/parked-events/1",
                "/api/parked-events",
                "/api/parked-events/payments",
                "/feeds/users",
                "/actuator",
                "/actuator/health",
                "/actuator/gateway/routes",
                "/api/actuator/health",
                "/api/products/../prices",
                "/api/products/..;/prices",
                "/api/products/..;/..;/actuator/health",
                "/api/products;/../prices",
                "/api/products;x=y/A",
                "/api/products/%2e%2e/prices",
                "/api/products/%2E%2E/prices",
                "/api/products/%2e%2e%2fprices",
                "/api/products/..%2fprices",
                "/api/products/..%5cprices",
                "/api/products/..%252fprices",
                "/api/products/%252e%252e/prices",
                "/api/products/..%c0%afprices",
                "/api/products//../prices",
                "/api//prices",
                "//api/prices",
                "/api/./prices",
                "/api/products/.%2e/prices",
                "/api/products/x%00",
                "/api/products/x%0d%0aX-Injected:%201",
                "/id/users",
                "/id/users/me",
                "/id/%75sers/me",
                "/id/login/../users/me",
                "/id/login/..;/users/me",
                "/id/openapi.json",
                "/id/actuator/health",
                "/id/feeds/users",
                "/id/oauth2/../users",
                "/id//users",
                "/payment-simulator/charges",
                "/payment-simulator/ledger",
                "/payment-simulator/refunds",
                "/payment-simulator/tokens/../charges",
                "/payment-simulator/cards/..;/ledger",
                "/api/webhooks/other",
                "/http://127.0.0.1:9080/actuator",
                "/api/products/http://127.0.0.1/",
                "/API/prices",
                "/error",
                "/WEB-INF/web.xml",
                "/application.yaml",
                "/db/migration/V1__sessions_and_rate_limits.sql",
                "/..%2fapplication.yaml",
                "/webjars/..%2f..%2f..%2fapplication.yaml",
            })
    void rejectsPathsWithoutAPublicRoute(String path) {
        var answer = http.raw("GET " + path + " HTTP/1.1\nHost: localhost\nConnection: close\n\n");

        var status = Integer.parseInt(answer.substring(9, 12));
        assertThat(status).as(answer).isIn(400, 404);
        for (var backend : List.of(orders, users, payments)) {
            assertThat(backend.seen()).as(path).isEmpty();
        }

        assertThat(catalog.seen()).as(path).isEmpty();
        assertThat(answer).contains("urn:feira:problem:").doesNotContain("Exception");
    }

    @Test
    void ignoresTheHostOfAnAbsoluteRequestTarget() {
        http.raw("GET http://127.0.0.1:%d/prices HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n"
                .formatted(catalog.port()));

        assertThat(catalog.seen()).isEmpty();
    }

    @Test
    void servesActuatorOnTheManagementPortOnly() {
        assertThat(http.get("/actuator/health").status()).isEqualTo(404);
        assertThat(new Http("http://localhost:" + gateway.managementPort())
                        .get("/actuator/health/readiness")
                        .json()
                        .path("status")
                        .asString())
                .isEqualTo("UP");
    }

    @Test
    void rejectsUnusedMethods() {
        for (var method : List.of("TRACE", "CONNECT", "PROPFIND", "DEBUG")) {
            var answer = http.raw(method + " /api/products HTTP/1.1\nHost: localhost\nConnection: close\n\n");
            assertThat(answer.substring(9, 12)).as(method).isIn("400", "403", "404", "405", "501");
        }
        assertThat(catalog.seen()).isEmpty();
    }

    /** RFC 9110, section 9.3.5, leaves it to the server: user-service wants the password. */
    @Test
    void forwardsBodyOfDelete() {
        http.send("DELETE", "/api/users/me", "{\"currentPassword\":\"x\"}", "Content-Type", "application/json");

        assertThat(users.last().method()).isEqualTo("DELETE");
        assertThat(users.last().body()).isEqualTo("{\"currentPassword\":\"x\"}");
    }

    @Test
    void forwardsRequestWithTwoLengthsAsOne() {
        http.raw("""
            POST /api/quotes HTTP/1.1
            Host: localhost
            Content-Type: application/json
            Content-Length: 4
            Transfer-Encoding: chunked
            Connection: close

            2
            {}
            0

            GET /smuggled HTTP/1.1
            Host: localhost

            """);

        assertThat(orders.seen()).allSatisfy(seen -> {
            assertThat(seen.path()).isEqualTo("/quotes");
            assertThat(seen.body()).isEqualTo("{}");
        });
    }

    /** Lengths that a server may parse in another way (RFC 9112, 6.3 and 11.2), and so see two requests. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 2\nContent-Length: 48",
                "Content-Length: 2, 48",
                "Content-Length: +2",
                "Content-Length: 0x2",
                "Content-Length : 2",
                "Content-Length: 2\n Transfer-Encoding: chunked",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: chunked\nTransfer-Encoding: xchunked",
                "Transfer-Encoding:\u000bchunked"
            })
    void rejectsAmbiguousLength(String head) {
        var answer = http.raw("POST /api/quotes HTTP/1.1\nHost: localhost\nContent-Type: application/json\n" + head
                + "\n\n{}GET /api/products HTTP/1.1\nHost: localhost\n\n");

        assertThat(answer.substring(9, 12)).as(answer).isIn("400", "501");
        assertThat(answer.split("HTTP/1\\.1 ")).as("one answer: " + answer).hasSize(2);
        assertThat(catalog.seen()).isEmpty();
        assertThat(orders.seen()).isEmpty();
    }

    @Test
    void forwardsBodiesAndStatusesUnchanged() {
        orders.that(responding(
                422,
                "{\"type\":\"urn:feira:problem:unknown-product\"}",
                "ETag",
                "\"7\"",
                "Location",
                "/api/orders/1",
                "X-Odd",
                "one",
                "X-Odd",
                "two"));

        var reply = http.post("/api/orders", "{\"text\":\"pão\"}", "Content-Type", "application/json");

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.problem()).isEqualTo("unknown-product");
        assertThat(reply.header("ETag")).contains("\"7\"");
        assertThat(reply.header("Location")).contains("/api/orders/1");
        assertThat(reply.header("X-Odd")).contains("one, two");
        assertThat(orders.last().body()).isEqualTo("{\"text\":\"pão\"}");
        assertThat(orders.last().header("Content-Type")).isEqualTo("application/json");
        assertThat(orders.last().header("Content-Length")).isEqualTo("15");
    }

    @Test
    void returnsProblemWithThePathThatTheClientRequested() {
        orders.that(responding(
                404,
                "{\"type\":\"urn:feira:problem:order-not-found\",\"instance\":\"/orders/1\"}",
                "Content-Type",
                "application/problem+json"));

        var reply = http.get("/api/orders/1");

        assertThat(reply.problem()).isEqualTo("order-not-found");
        assertThat(reply.json().path("instance").asString()).isEqualTo("/api/orders/1");
    }

    @Test
    void forwardsFormsOfTheLoginPagesUnchanged() {
        var form = "username=a%40b.example&password=x%26y+z&_csrf=t&list=1&list=2";

        http.post("/id/login?continue=1", form, "Content-Type", "application/x-www-form-urlencoded");

        assertThat(users.last().body()).isEqualTo(form);
    }

    @Test
    void returns304WithoutABody() {
        catalog.that(responding(304, "", "ETag", "\"1\""));

        var reply = http.get("/api/products/A", "If-None-Match", "\"1\"");

        assertThat(reply.status()).isEqualTo(304);
        assertThat(catalog.last().header("If-None-Match")).isEqualTo("\"1\"");
    }

    @Test
    void replacesOriginHeadersOfTheClient() {
        http.get(
                "/api/products",
                "X-Forwarded-For",
                "6.6.6.6",
                "X-Forwarded-Host",
                "evil.example",
                "X-Forwarded-Proto",
                "ftp",
                "X-Forwarded-Port",
                "1",
                "X-Forwarded-Prefix",
                "/evil",
                "Forwarded",
                "for=6.6.6.6;host=evil.example",
                "X-Real-IP",
                "6.6.6.6",
                "True-Client-IP",
                "6.6.6.6",
                "X-Original-URL",
                "/prices",
                "X-Rewrite-URL",
                "/prices",
                "X-HTTP-Method-Override",
                "DELETE");

        var seen = catalog.last();
        assertThat(seen.header("X-Forwarded-For")).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(seen.header("X-Forwarded-Host")).isEqualTo("localhost:8080");
        assertThat(seen.header("X-Forwarded-Proto")).isEqualTo("http");
        assertThat(seen.header("X-Forwarded-Port")).isEqualTo("8080");
        for (var name : List.of(
                "X-Forwarded-Prefix",
                "Forwarded",
                "X-Real-IP",
                "True-Client-IP",
                "X-Original-URL",
                "X-Rewrite-URL",
                "X-HTTP-Method-Override")) {
            assertThat(seen.header(name)).as(name).isNull();
        }
    }

    @Test
    void removesHopByHopHeaders() {
        http.raw("""
            GET /api/products HTTP/1.1
            Host: localhost
            Connection: close, X-Only-Here
            X-Only-Here: 1
            TE: trailers
            Proxy-Authorization: Basic eA==
            Keep-Alive: timeout=5

            """);

        for (var name : List.of("X-Only-Here", "TE", "Proxy-Authorization", "Keep-Alive")) {
            assertThat(catalog.last().header(name)).as(name).isNull();
        }
    }

    @Test
    void forwardsCookiesOfLoginPagesToThemOnly() {
        var cookies =
                "FEIRA_SESSION-8080=abc; FEIRA_ID-8080=def; XSRF-TOKEN-8080=ghi; FEIRA_LANG-8080=pt; FEIRA_ID-8180=jkl; other="
                        + "1".repeat(12_000);
        catalog.that(responding(200, "{}", "Set-Cookie", "tracking=1"));
        users.that(responding(200, "{}", "Set-Cookie", "FEIRA_ID=new; Path=/id; HttpOnly"));

        var products = http.get("/api/products", "Cookie", cookies);
        var login = http.get("/id/login", "Cookie", cookies);

        assertThat(catalog.last().header("Cookie")).isNull();
        assertThat(products.header("Set-Cookie").orElse("")).doesNotContain("tracking");
        assertThat(users.last().header("Cookie")).isEqualTo("FEIRA_ID-8080=def; FEIRA_LANG-8080=pt");
        assertThat(login.header("Set-Cookie")).contains("FEIRA_ID=new; Path=/id; HttpOnly");
    }

    /** RFC 8414, section 3.1: before the path of the issuer. */
    @Test
    void forwardsMetadataRequestsAtTheRoot() {
        http.get("/.well-known/oauth-authorization-server/id");
        assertThat(users.last().path()).isEqualTo("/id/.well-known/oauth-authorization-server");
        http.get("/.well-known/openid-configuration/id");
        assertThat(users.last().path()).isEqualTo("/id/.well-known/openid-configuration");
    }

    @Test
    void forwardsBearerTokenUnchangedWithoutACsrfToken() {
        http.post(
                "/api/orders", "{}", "Content-Type", "application/json", "Authorization", "Bearer opaque.token-value");

        assertThat(orders.last().header("Authorization")).isEqualTo("Bearer opaque.token-value");
    }

    @Test
    void removesBearerTokenForPaymentsAndWebhooks() {
        http.post("/payment-simulator/tokens", "{}", "Authorization", "Bearer secret");
        http.post("/api/webhooks/payments", "{}", "Authorization", "Bearer secret", "Feira-Signature", "t=1,v1=x");

        assertThat(payments.last().header("Authorization")).isNull();
        assertThat(orders.last().header("Authorization")).isNull();
        assertThat(orders.last().header("Feira-Signature")).isEqualTo("t=1,v1=x");
    }

    @Test
    void sendsRequestIdToServiceAndClient() {
        var given = http.get("/api/products", "X-Request-Id", "client-chosen-0001");
        assertThat(given.header("X-Request-Id")).contains("client-chosen-0001");
        assertThat(catalog.last().header("X-Request-Id")).isEqualTo("client-chosen-0001");

        var made = http.get("/api/products", "X-Request-Id", "bad id with spaces {}");
        assertThat(made.header("X-Request-Id").orElseThrow()).matches("[0-9a-f]{32}");
        assertThat(catalog.last().header("X-Request-Id"))
                .isEqualTo(made.header("X-Request-Id").orElseThrow());
    }

    @Test
    void startsNewTraceWhenTheClientSendsTraceparent() {
        var foreign = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        var reply = http.get("/api/products", "traceparent", foreign);

        var trace = reply.header("X-Trace-Id").orElseThrow();
        assertThat(trace).isNotEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(catalog.last().header("traceparent")).contains(trace);
    }

    @Test
    void returns413ForBodyOverTheLimitWithAndWithoutContentLength() throws Exception {
        var tooMuch = "x".repeat(1024 * 1024 + 1);

        var declared = http.post("/api/orders", tooMuch, "Content-Type", "application/json");
        assertThat(declared.status()).isEqualTo(413);
        assertThat(declared.problem()).isEqualTo("payload-too-large");

        var chunked = http.raw("POST /api/orders HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n"
                + "Connection: close\n\n" + Integer.toHexString(tooMuch.length()) + "\n" + tooMuch + "\n0\n\n");
        assertThat(chunked).startsWith("HTTP/1.1 413").contains("payload-too-large");
        assertThat(orders.seen()).isEmpty();

        var justFits = "x".repeat(1024 * 1024);
        assertThat(http.post("/api/orders", justFits, "Content-Type", "application/json")
                        .status())
                .isEqualTo(200);
        assertThat(orders.last().body()).hasSize(justFits.length());
    }

    @Test
    void rejectsHeaderOverTheLimit() {
        var reply = http.get("/api/products", "X-Big", "x".repeat(40_000));

        assertThat(reply.status()).isIn(400, 431);
        assertThat(catalog.seen()).isEmpty();
    }

    @Test
    void returns400ForMalformedUrl() {
        for (var target : List.of(
                "/api/products?q=%zz",
                "/api/products?q=%",
                "/api/products?q=%E0%A4%A",
                "/api/products?%C2%98=1",
                "/api/products/[x]",
                "/id/login/[x]",
                "/api/products/a|b")) {
            var answer = http.raw("GET " + target + " HTTP/1.1\nHost: localhost\nConnection: close\n\n");
            assertThat(answer).as(target).startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void streamsLargeResponse() throws Exception {
        var size = 64L * 1024 * 1024;
        var chunk = new byte[64 * 1024];
        for (var i = 0; i < chunk.length; i++) {
            chunk[i] = (byte) (i * 31);
        }
        catalog.that(exchange -> {
            exchange.sendResponseHeaders(200, size);
            for (var sent = 0L; sent < size; sent += chunk.length) {
                exchange.getResponseBody().write(chunk);
            }
        });
        var expected = MessageDigest.getInstance("SHA-256");
        for (var sent = 0L; sent < size; sent += chunk.length) {
            expected.update(chunk);
        }

        var response = Http.client()
                .send(http.request("GET", "/api/pictures/big.webp", null), HttpResponse.BodyHandlers.ofInputStream());
        var digest = MessageDigest.getInstance("SHA-256");
        var total = new AtomicLong();
        try (var body = response.body()) {
            var buffer = new byte[64 * 1024];
            for (int count; (count = body.read(buffer)) >= 0; ) {
                digest.update(buffer, 0, count);
                total.addAndGet(count);
            }
        }

        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(size);
        assertThat(total).hasValue(size);
        assertThat(HexFormat.of().formatHex(digest.digest()))
                .isEqualTo(HexFormat.of().formatHex(expected.digest()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 2000000", "Transfer-Encoding: chunked"})
    void closesClientConnectionWhenAStreamedResponseIsCut(String framing) throws Exception {
        try (var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> {
                try (var socket = server.accept()) {
                    socket.getInputStream().read(new byte[8192]);
                    var out = socket.getOutputStream();
                    out.write(("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n").getBytes());
                    if (framing.contains("chunked")) {
                        out.write("96000\r\n".getBytes()); // 600 KB of a chunk, and no end
                    }
                    out.write(new byte[600 * 1024]);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            gateway.with("catalog-service", server.getLocalPort());

            assertThatIOException()
                    .isThrownBy(() -> Http.client()
                            .send(
                                    http.request("GET", "/api/pictures/big.webp", null),
                                    HttpResponse.BodyHandlers.ofByteArray()));
        }
    }

    @Test
    void stopsReadingAResponseWhoseClientHasGone() throws Exception {
        var stopped = new CountDownLatch(1);
        catalog.that(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            var chunk = new byte[64 * 1024];
            try {
                while (true) {
                    exchange.getResponseBody().write(chunk);
                }
            } catch (IOException e) {
                stopped.countDown();
            }
        });

        try (var socket = new Socket("localhost", gateway.port())) {
            socket.getOutputStream()
                    .write("GET /api/pictures/endless.webp HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
            assertThat(socket.getInputStream().readNBytes(512 * 1024)).hasSize(512 * 1024);
        }

        assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void addsSecurityHeadersToEveryResponse() {
        for (var path : List.of("/", "/api/products", "/session", "/nowhere", "/api/products/..%2f")) {
            var reply = http.get(path);
            assertThat(reply.header("X-Content-Type-Options")).as(path).contains("nosniff");
            if (path.contains("%2f")) {
                continue; // rejected before anything else runs
            }
            assertThat(reply.header("Content-Security-Policy").orElseThrow())
                    .as(path)
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(reply.header("X-Frame-Options")).contains("DENY");
            assertThat(reply.header("Referrer-Policy")).contains("same-origin");
            assertThat(reply.header("Permissions-Policy").orElseThrow()).contains("camera=()");
            assertThat(reply.header("Strict-Transport-Security")).isEmpty();
        }
    }

    @Test
    void returns304ForUnchangedPage() {
        var first = http.get("/gateway/page.css");
        var etag = first.header("ETag").orElseThrow();

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("Cache-Control")).contains("no-cache");
        assertThat(first.header("Last-Modified")).isEmpty();
        assertThat(http.get("/gateway/page.css", "If-None-Match", etag).status())
                .isEqualTo(304);
    }

    @Test
    void returnsPageToBrowserAndProblemToProgram() {
        var page = http.get("/nowhere", "Accept", "text/html,application/xhtml+xml", "Accept-Language", "pt-PT,pt");
        assertThat(page.status()).isEqualTo(404);
        assertThat(page.header("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.body())
                .contains("<html lang=\"pt\">", "Página não encontrada")
                .doesNotContain("nowhere");

        var problem = http.get("/nowhere", "Accept", "application/json");
        assertThat(problem.header("Content-Type")).contains("application/problem+json");
        assertThat(problem.problem()).isEqualTo("not-found");
        assertThat(problem.json().path("requestId").asString())
                .isEqualTo(problem.header("X-Request-Id").orElseThrow());
    }

    @Test
    void describesPublicOperationsOnly() {
        var document = "{\"openapi\":\"3.1.0\",\"paths\":{\"/api/products\":{}}}";
        catalog.that(responding(200, document));
        users.that(responding(200, document));

        assertThat(http.get("/openapi/catalog.json").body()).isEqualTo(document);
        assertThat(catalog.last().path()).isEqualTo("/openapi.json/public");
        assertThat(http.get("/openapi/users.json").body()).isEqualTo(document);
        assertThat(users.last().path()).isEqualTo("/id/openapi.json/public");
    }

    @Test
    void servesDocumentationWithoutInlineScripts() {
        var page = http.get("/api-docs");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("<script src=").doesNotContain("<script>");
        for (var asset : List.of(
                "/api-docs/api-docs.js",
                "/api-docs/swagger-ui/swagger-ui-bundle.js",
                "/api-docs/swagger-ui/swagger-ui-standalone-preset.js",
                "/api-docs/swagger-ui/swagger-ui.css")) {
            assertThat(http.get(asset).status()).as(asset).isEqualTo(200);
        }
    }

    @Test
    void holdsNoPermitWhileABodyArrivesSlowly() throws Exception {
        var metrics = gateway.context().getBean(MeterRegistry.class);
        List<Socket> slow = new ArrayList<>();
        try {
            for (var i = 0; i < BROWSING_PERMITS; i++) {
                var socket = new Socket("localhost", gateway.port());
                slow.add(socket);
                socket.getOutputStream()
                        .write("POST /api/products HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{"
                                .getBytes());
                socket.getOutputStream().flush();
            }
            await().atMost(5, TimeUnit.SECONDS).until(() -> underWay(metrics) >= BROWSING_PERMITS);

            assertThat(http.get("/api/products").status()).isEqualTo(200);
            assertThat(metrics.get("feira.gateway.permits.used")
                            .tag("traffic", "browsing")
                            .gauge()
                            .value())
                    .isZero();
            assertThat(catalog.seen()).hasSize(1);
        } finally {
            for (var socket : slow) {
                socket.close();
            }
        }
    }

    private static int underWay(MeterRegistry metrics) {
        return metrics.find("http.server.requests.active").longTaskTimers().stream()
                .mapToInt(LongTaskTimer::activeTasks)
                .sum();
    }
}
