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

/** Wrong requests are answered, each with its own problem, and change nothing. */
@AcceptanceTest
class BadInputTests {

    private static Person customer;
    private static String sku;
    private static String token;

    @BeforeAll
    static void prepare() {
        customer = Person.registered();
        sku = Market.productWithStock(20);
        token = Card.APPROVED.token();
    }

    private static Reply order(String body) {
        return customer.order(Market.newKey(), body, 0);
    }

    @Test
    void anUnknownSkuIsNamed() {
        var unknown = "NO-SUCH-THING";

        assertThat(order(Market.order(unknown, 1, token))
                        .expectProblem(422, "unknown-product")
                        .text())
                .contains(unknown);
        Http.post("/api/quotes", Market.quoteOf(Market.line(unknown, 1))).expectProblem(422, "unknown-product");
        Http.get("/api/products/" + unknown).expectProblem(404, "product-not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1000000000", "1000", "1.5", "\"two\"", "null", "99999999999999999999"})
    void aWrongQuantityIsRefused(String quantity) {
        for (var reply : List.of(
                order(Market.orderOf(Market.line(sku, quantity), token)),
                Http.post("/api/quotes", Market.quoteOf(Market.line(sku, quantity))))) {
            reply.expectProblem(400, "invalid-request");
            assertThat(reply.at("/errors/0/field")).as(reply::text).isEqualTo("lines[0].quantity");
        }
    }

    @Test
    void fiveHundredLinesAreTooMany() {
        var lines = IntStream.range(0, 500)
                .mapToObj(i -> Market.line("LINE-" + i, 1))
                .collect(Collectors.joining(","));

        order(Market.orderOf(lines, token)).expectProblem(400, "invalid-request");
        order(Market.orderOf("", token)).expectProblem(400, "invalid-request");
    }

    @Test
    void aForeignCurrencyIsRefused() {
        var body = Market.order(sku, 1, token);

        var reply = order(body.substring(0, body.length() - 1) + """
                , "expectedTotal": {"amount": "2.50", "currency": "USD"}}""");

        assertThat(reply.status()).as(reply::text).isIn(400, 422);
        assertThat(reply.at("/type")).startsWith("urn:feira:problem:");
    }

    @Test
    void aTotalThatIsNotTheCatalogsIsRefused() {
        var body = Market.order(sku, 1, token);

        order(body.substring(0, body.length() - 1) + """
                , "expectedTotal": {"amount": "0.01", "currency": "EUR"}}""").expectProblem(422, "price-changed");
    }

    @Test
    void aPriceSentByTheClientIsRefused() {
        var reply = order(Market.orderOf("""
                {"sku": "%s", "quantity": 1, "unitPrice": {"amount": "0.01", "currency": "EUR"}}""".formatted(sku), token));

        reply.expectProblem(400, "unexpected-field");
        assertThat(reply.at("/field")).isEqualTo("lines[0].unitPrice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "\"text\"", "", "{\"lines\": [}", "\u0000", "{\"lines\": {\"lines\": 1}}"})
    void malformedJsonIsRefused(String body) {
        var reply = order(body);

        assertThat(reply.status()).as(reply::text).isEqualTo(400);
        assertThat(reply.at("/type")).isIn("urn:feira:problem:malformed-json", "urn:feira:problem:invalid-request");
    }

    @Test
    void anotherContentTypeIsRefused() {
        var xml = Http.patiently(customer.as(Http.request("/api/orders"))
                .header("Content-Type", "application/xml")
                .header("Idempotency-Key", Market.newKey())
                .POST(HttpRequest.BodyPublishers.ofString("<order/>"))
                .build());

        xml.expectProblem(415, "unsupported-media-type");
    }

    @Test
    void aBodyOverTheLimitIsRefused() {
        var reply = order(Market.order(sku, 1, "t".repeat(3_000_000)));

        reply.expectProblem(413, "payload-too-large");
    }

    /** Texts that a careless pattern reads for an hour, or until the stack is full, before somebody looks at their length. */
    @Test
    void aLongTextIsRefusedAtOnce() {
        var groups = "A-".repeat(400_000) + "A";
        order(Market.order(groups, 1, token)).expectProblem(400, "invalid-request");
        Http.post("/api/quotes", Market.quoteOf(Market.line(groups, 1))).expectProblem(400, "invalid-request");

        var product = Market.product("A", "1.00", "ACTIVE")
                .replaceFirst("\"category\": \"[^\"]*", "$0" + "-a".repeat(300_000));
        Person.staff().put("/api/products/" + sku, product).expectProblem(400, "invalid-request");

        var name = "{\"name\": \"%s\\u0001\"}".formatted("a".repeat(800_000));
        Http.patiently(customer.as(Http.json("/api/users/me", "PATCH", name)).build())
                .expectProblem(400, "invalid-request");

        var email = """
                {"email": "a@%s\\u0001", "password": "correct horse battery staple", "name": "A"}""";
        Http.post("/api/users", email.formatted("a.".repeat(400_000))).expectProblem(400, "invalid-request");
    }

    @Test
    void aTamperedCursorIsRefused() {
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
    void aForeignOrBrokenTokenIsRefused() {
        var parts = customer.accessToken().split("\\.");
        // the header { "alg": "none" }
        var unsigned = "eyJhbGciOiJub25lIn0." + parts[1] + ".";
        var forged = parts[0] + "." + parts[1] + "." + new StringBuilder(parts[2]).reverse();
        // long expired, signed by a key of nobody here
        var foreign = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2V4YW1wbGUuY29tIiwiZXhwIjoxfQ."
                + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

        for (var wrong : List.of(unsigned, forged, foreign, "not-a-token", "a.b.c")) {
            var reply = Http.patiently(Http.request("/api/orders")
                    .header("Authorization", "Bearer " + wrong)
                    .build());
            reply.expectProblem(401, "unauthenticated");
            assertThat(reply.header("WWW-Authenticate"))
                    .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
        }
        Http.get("/api/orders").expectProblem(401, "unauthenticated");
    }

    @Test
    void aDoubleClickedCheckoutIsOneOrder() throws Exception {
        var buyer = Person.registered();
        var key = Market.newKey();
        var body = Market.order(sku, 1, token);
        buyer.accessToken();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clicks = threads.invokeAll(
                    List.<Callable<Reply>>of(() -> buyer.order(key, body, 0), () -> buyer.order(key, body, 0)));
            for (var click : clicks) {
                var reply = click.get();
                if (reply.status() != 201) {
                    reply.expectProblem(409, "idempotency-key-in-flight");
                }
            }
        }

        assertThat(Orders.awaitEnd(buyer, Feira.ENDING).values()).containsExactly("CONFIRMED");
    }

    @Test
    void aSkuArchivedBetweenQuoteAndOrderIsRefused() {
        var passing = Market.productWithStock(3);
        Http.post("/api/quotes", Market.quoteOf(Market.line(passing, 1))).expect(200);

        Market.publish(passing, "2.50", "ARCHIVED");

        order(Market.order(passing, 1, token)).expectProblem(422, "product-archived");
        assertThat(Market.available(passing)).isEqualTo(3);
    }

    @Test
    void aTokenThatTheProviderDoesNotKnowRejectsTheOrder() {
        var reply = order(Market.order(sku, 1, "tok_unknown"));

        // the provider is asked in the saga: the order is taken in and ends as rejected
        var end = customer.endOf(reply.expect(201).at("/id"), Feira.ENDING);
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
    void oddAddressesAreNoServerError(String path) {
        var reply = Http.patiently(customer.as(Http.request(path)).build());

        assertThat(reply.status()).as(reply::text).isLessThan(500);
        if (reply.status() >= 400) {
            assertThat(reply.at("/type")).startsWith("urn:feira:problem:");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH"})
    void anotherMethodIsRefused(String method) {
        var reply = Http.patiently(
                customer.as(Http.json("/api/orders", method, "{}")).build());

        // what is not allowed to anybody may be refused before it is looked for
        if (reply.status() == 403) {
            reply.expectProblem(403, "forbidden");
        } else {
            reply.expectProblem(405, "method-not-allowed");
        }
    }

    @Test
    void aRegistrationIsChecked() {
        var taken = customer.email();

        Http.post("/api/users", """
                {"email": "%s", "password": "%s", "name": "Again"}""".formatted(taken, Person.PASSWORD)).expectProblem(409, "email-taken");
        for (var wrong : List.of("""
                {"email": "not-an-address", "password": "%s", "name": "A"}""".formatted(Person.PASSWORD), """
                {"email": "short@feira.example", "password": "short", "name": "A"}""", """
                {"email": "nameless@feira.example", "password": "%s"}""".formatted(Person.PASSWORD))) {
            Http.post("/api/users", wrong).expect(400);
        }
        Http.post("/api/users", """
                {"email": "boss@feira.example", "password": "%s", "name": "A", "roles": ["admin"]}""".formatted(Person.PASSWORD)).expectProblem(400, "unexpected-field");
    }
}
