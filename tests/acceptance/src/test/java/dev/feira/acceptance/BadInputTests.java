package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid requests return their own problem type and change nothing. */
@AcceptanceTest
class BadInputTests {

    private static TestUser customer;
    private static String sku;
    private static String token;

    @BeforeAll
    static void prepare() {
        customer = TestUser.registered();
        sku = Products.createWithStock(20);
        token = Card.APPROVED.token();
    }

    private static Response placeOrder(String body) {
        return customer.placeOrder(Orders.newIdempotencyKey(), body, 0);
    }

    @Test
    void namesTheUnknownSku() {
        var unknown = "NO-SUCH-THING";

        assertThat(placeOrder(Orders.request(unknown, 1, token))
                        .expectProblem(422, "unknown-product")
                        .text())
                .contains(unknown);
        Http.post("/api/quotes", Orders.quoteRequest(Orders.line(unknown, 1))).expectProblem(422, "unknown-product");
        Http.get("/api/products/" + unknown).expectProblem(404, "product-not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1000000000", "1000", "1.5", "\"two\"", "null", "99999999999999999999"})
    void rejectsInvalidQuantity(String quantity) {
        for (var response : List.of(
                placeOrder(Orders.requestWithLines(Orders.line(sku, quantity), token)),
                Http.post("/api/quotes", Orders.quoteRequest(Orders.line(sku, quantity))))) {
            response.expectProblem(400, "invalid-request");
            assertThat(response.at("/errors/0/field")).as(response::text).isEqualTo("lines[0].quantity");
        }
    }

    @Test
    void rejectsTooManyLinesAndNone() {
        var lines = IntStream.range(0, 500)
                .mapToObj(i -> Orders.line("LINE-" + i, 1))
                .collect(Collectors.joining(","));

        placeOrder(Orders.requestWithLines(lines, token)).expectProblem(400, "invalid-request");
        placeOrder(Orders.requestWithLines("", token)).expectProblem(400, "invalid-request");
    }

    @Test
    void rejectsForeignCurrency() {
        var body = Orders.request(sku, 1, token);

        var response = placeOrder(body.substring(0, body.length() - 1) + """
                , "expectedTotal": {"amount": "2.50", "currency": "USD"}}""");

        assertThat(response.status()).as(response::text).isIn(400, 422);
        assertThat(response.at("/type")).startsWith("urn:feira:problem:");
    }

    @Test
    void rejectsExpectedTotalThatDiffersFromTheCatalog() {
        var body = Orders.request(sku, 1, token);

        placeOrder(body.substring(0, body.length() - 1) + """
                , "expectedTotal": {"amount": "0.01", "currency": "EUR"}}""").expectProblem(422, "price-changed");
    }

    @Test
    void rejectsPriceSentByTheClient() {
        var response = placeOrder(Orders.requestWithLines("""
                {"sku": "%s", "quantity": 1, "unitPrice": {"amount": "0.01", "currency": "EUR"}}""".formatted(sku), token));

        response.expectProblem(400, "unexpected-field");
        assertThat(response.at("/field")).isEqualTo("lines[0].unitPrice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "\"text\"", "", "{\"lines\": [}", "\u0000", "{\"lines\": {\"lines\": 1}}"})
    void rejectsMalformedJson(String body) {
        var response = placeOrder(body);

        assertThat(response.status()).as(response::text).isEqualTo(400);
        assertThat(response.at("/type")).isIn("urn:feira:problem:malformed-json", "urn:feira:problem:invalid-request");
    }

    @Test
    void rejectsUnsupportedContentType() {
        var xml = customer.send(Http.request("/api/orders")
                .header("Content-Type", "application/xml")
                .header("Idempotency-Key", Orders.newIdempotencyKey())
                .POST(HttpRequest.BodyPublishers.ofString("<order/>")));

        xml.expectProblem(415, "unsupported-media-type");
    }

    @Test
    void rejectsBodyOverTheSizeLimit() {
        var response = placeOrder(Orders.request(sku, 1, "t".repeat(3_000_000)));

        response.expectProblem(413, "payload-too-large");
    }

    /** Long texts that exhaust the time or the stack of a backtracking pattern, unless their length is checked first. */
    @Test
    void rejectsLongTextBeforeMatchingItsPattern() {
        var groups = "A-".repeat(400_000) + "A";
        placeOrder(Orders.request(groups, 1, token)).expectProblem(400, "invalid-request");
        Http.post("/api/quotes", Orders.quoteRequest(Orders.line(groups, 1))).expectProblem(400, "invalid-request");

        var product = Products.requestBody("A", "1.00", "ACTIVE")
                .replaceFirst("\"category\": \"[^\"]*", "$0" + "-a".repeat(300_000));
        TestUser.staff().put("/api/products/" + sku, product).expectProblem(400, "invalid-request");

        var name = "{\"name\": \"%s\\u0001\"}".formatted("a".repeat(800_000));
        customer.send(Http.json("/api/users/me", "PATCH", name)).expectProblem(400, "invalid-request");

        var email = """
                {"email": "a@%s\\u0001", "password": "correct horse battery staple", "name": "A"}""";
        Http.post("/api/users", email.formatted("a.".repeat(400_000))).expectProblem(400, "invalid-request");
    }

    @Test
    void rejectsTamperedCursor() {
        var page = Http.get("/api/products?limit=2").expect(200);
        var cursor = page.at("/nextCursor");
        assertThat(Http.get("/api/products?limit=2&cursor=" + cursor)
                        .expect(200)
                        .items("/sku"))
                .doesNotContainAnyElementsOf(page.items("/sku"));

        var middle = cursor.length() / 2;
        var tampered =
                cursor.substring(0, middle) + (cursor.charAt(middle) == 'A' ? 'B' : 'A') + cursor.substring(middle + 1);
        Http.get("/api/products?limit=2&cursor=" + tampered).expectProblem(400, "invalid-cursor");
        Http.get("/api/products?limit=2&cursor=1").expectProblem(400, "invalid-cursor");
        customer.get("/api/orders?cursor=" + cursor).expectProblem(400, "invalid-cursor");
        Http.get("/api/products?limit=0").expectProblem(400, "invalid-request");
        Http.get("/api/products?limit=101").expectProblem(400, "invalid-request");
    }

    @Test
    void rejectsForeignOrMalformedToken() {
        var parts = customer.accessToken().split("\\.");
        // the header { "alg": "none" }
        var unsigned = "eyJhbGciOiJub25lIn0." + parts[1] + ".";
        var forged = parts[0] + "." + parts[1] + "." + new StringBuilder(parts[2]).reverse();
        // expired, and signed by an unknown key
        var foreign = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2V4YW1wbGUuY29tIiwiZXhwIjoxfQ."
                + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

        for (var wrong : List.of(unsigned, forged, foreign, "not-a-token", "a.b.c")) {
            var response = Http.sendWithRetry(Http.request("/api/orders")
                    .header("Authorization", "Bearer " + wrong)
                    .build());
            response.expectProblem(401, "unauthenticated");
            assertThat(response.header("WWW-Authenticate"))
                    .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
        }
        Http.get("/api/orders").expectProblem(401, "unauthenticated");
    }

    @Test
    void createsOneOrderForADoubleClick() throws Exception {
        var buyer = TestUser.registered();
        var key = Orders.newIdempotencyKey();
        var body = Orders.request(sku, 1, token);
        buyer.accessToken();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clicks = threads.invokeAll(List.<Callable<Response>>of(
                    () -> buyer.placeOrder(key, body, 0), () -> buyer.placeOrder(key, body, 0)));
            for (var click : clicks) {
                var response = click.get();
                if (response.status() != 201) {
                    response.expectProblem(409, "idempotency-key-in-flight");
                }
            }
        }

        assertThat(Orders.awaitFinalStatuses(buyer, TestPlatform.COMPLETION_DEADLINE)
                        .values())
                .containsExactly("CONFIRMED");
    }

    @Test
    void rejectsSkuThatWasArchivedAfterTheQuote() {
        var archived = Products.createWithStock(3);
        Http.post("/api/quotes", Orders.quoteRequest(Orders.line(archived, 1))).expect(200);

        Products.save(archived, "2.50", "ARCHIVED");

        placeOrder(Orders.request(archived, 1, token)).expectProblem(422, "product-archived");
        assertThat(Products.available(archived)).isEqualTo(3);
    }

    @Test
    void rejectsOrderWhoseCardTokenIsUnknown() {
        var response = placeOrder(Orders.request(sku, 1, "tok_unknown"));

        // the saga charges the card: the order is accepted first
        var end = customer.awaitFinalStatus(response.expect(201).at("/id"), TestPlatform.COMPLETION_DEADLINE);
        assertThat(end.at("/status")).isEqualTo("REJECTED");
        assertThat(end.at("/rejection/reason")).isEqualTo("PAYMENT_DECLINED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/orders/not-a-uuid",
                "/api/products/lower-case",
                "/api/products/%00",
                "/api/products?minPrice=x",
                "/api/products?sort=drop",
                "/api/products?q=%27%3B%20drop%20table%20products%3B--",
                "/api/nothing",
                "/api/products?q=%F0%9F%8D%93",
                "/api/products?category=%3Cscript%3E",
                "/api/products?lang=xx",
                "/api/products?%C2%98=1",
                "/api/orders?%F3%8B%91%96=",
                "/api/products?=x",
                "/api/orders?limit=%FF"
            })
    void returnsNoServerErrorForUnusualUrls(String path) {
        var response = customer.send(Http.request(path));

        assertThat(response.status()).as(response::text).isLessThan(500);
        if (response.status() >= 400) {
            assertThat(response.at("/type")).startsWith("urn:feira:problem:");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH"})
    void rejectsUnsupportedMethod(String method) {
        var response = customer.send(Http.json("/api/orders", method, "{}"));

        // authorization is checked before the method
        if (response.status() == 403) {
            response.expectProblem(403, "forbidden");
        } else {
            response.expectProblem(405, "method-not-allowed");
        }
    }

    @Test
    void validatesRegistrations() {
        var registered = customer.email();

        Http.post("/api/users", """
                {"email": "%s", "password": "%s", "name": "Again"}""".formatted(registered, TestUser.PASSWORD)).expectProblem(409, "email-taken");
        for (var wrong : List.of("""
                {"email": "not-an-address", "password": "%s", "name": "A"}""".formatted(TestUser.PASSWORD), """
                {"email": "short@feira.example", "password": "short", "name": "A"}""", """
                {"email": "nameless@feira.example", "password": "%s"}""".formatted(TestUser.PASSWORD))) {
            Http.post("/api/users", wrong).expect(400);
        }
        Http.post("/api/users", """
                {"email": "boss@feira.example", "password": "%s", "name": "A", "roles": ["admin"]}""".formatted(TestUser.PASSWORD)).expectProblem(400, "unexpected-field");
    }
}
