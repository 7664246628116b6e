package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The main use of the shop, step by step. */
@AcceptanceTest
class JourneyTests {

    @Test
    void confirmsTheOrderOfANewCustomer() {
        var customer = TestUser.registered();

        var profile = customer.get("/api/users/me").expect(200);
        assertThat(profile.at("/email")).isEqualTo(customer.email());
        assertThat(profile.json().at("/roles").toString()).contains("customer");

        var found = Http.get("/api/products?q=strawbery&lang=en").expect(200);
        assertThat(found.items("/name/en"))
                .as("products found for 'strawbery'")
                .anySatisfy(name -> assertThat(name).containsIgnoringCase("strawberr"));
        var sku = found.items("/sku").getFirst();
        Products.addStock(sku, 2); // the platform may be reused

        var quote = Http.post("/api/quotes", Orders.quoteRequest(Orders.line(sku, 2)))
                .expect(200);
        var unitPrice = new BigDecimal(quote.at("/lines/0/unitPrice/amount"));
        var gross = new BigDecimal(quote.at("/totals/gross/amount"));
        assertThat(quote.at("/lines/0/unitPrice/amount"))
                .isEqualTo(Http.get("/api/products/" + sku).at("/price/amount"));
        assertThat(gross).isEqualByComparingTo(unitPrice.multiply(BigDecimal.TWO));
        assertThat(new BigDecimal(quote.at("/totals/net/amount")).add(new BigDecimal(quote.at("/totals/vat/amount"))))
                .isEqualByComparingTo(gross);
        var before = Products.available(sku);

        var body = """
                {"lines": [%s], "deliveryAddress": %s, "payment": {"token": "%s"},
                 "expectedTotal": {"amount": "%s", "currency": "EUR"}}""".formatted(Orders.line(sku, 2), Orders.DELIVERY_ADDRESS, Card.APPROVED.token(), gross);
        var placed = customer.placeOrder(Orders.newIdempotencyKey(), body, 10).expect(201);
        var id = placed.at("/id");
        assertThat(placed.header("Location"))
                .hasValueSatisfying(location -> assertThat(location).endsWith("/api/orders/" + id));

        var order = customer.awaitFinalStatus(id, TestPlatform.COMPLETION_DEADLINE);
        assertThat(order.at("/status")).isEqualTo("CONFIRMED");
        assertThat(order.at("/totals/gross/amount")).isEqualTo(gross.toPlainString());
        assertThat(order.at("/payment/brand")).isEqualTo("Visa");
        assertThat(order.at("/payment/last4")).isEqualTo("4242");
        assertThat(order.json().at("/rejection").isNull()).isTrue();
        assertThat(order.json().at("/timeline")).hasSizeGreaterThanOrEqualTo(4);
        var last = Instant.EPOCH;
        for (var entry : order.json().at("/timeline")) {
            var at = Instant.parse(entry.at("/at").asString());
            assertThat(at).as("the timeline %s", order.json().at("/timeline")).isAfterOrEqualTo(last);
            last = at;
        }

        assertThat(Products.available(sku)).isEqualTo(before - 2);
        assertThat(customer.get("/api/orders").expect(200).items("/id")).containsExactly(id);
        assertThat(customer.get("/api/orders?status=CONFIRMED").expect(200).items("/id"))
                .containsExactly(id);
        assertThat(customer.get("/api/orders?status=REJECTED").expect(200).items("/id"))
                .isEmpty();
        await().atMost(TestPlatform.COMPLETION_DEADLINE)
                .untilAsserted(() -> assertThat(Http.get("/api/products?sort=popular&sold=true&limit=100")
                                .expect(200)
                                .items("/sku"))
                        .as("products that were sold, by the events of order-service")
                        .contains(sku));
    }

    @Test
    void restocksAndRefundsACancelledOrder() {
        var customer = TestUser.registered();
        var sku = Products.createWithStock(5);
        var id = customer.placeOrder(Orders.newIdempotencyKey(), Orders.request(sku, 3, Card.APPROVED.token()), 10)
                .expect(201)
                .at("/id");
        customer.awaitFinalStatus(id, TestPlatform.COMPLETION_DEADLINE);
        assertThat(Products.available(sku)).isEqualTo(2);

        var cancelled = customer.post("/api/orders/" + id + "/cancellation", "").expect(200);

        assertThat(cancelled.at("/status")).isEqualTo("CANCELLED");
        await().atMost(TestPlatform.COMPLETION_DEADLINE).untilAsserted(() -> {
            assertThat(Products.available(sku)).isEqualTo(5);
            assertThat(customer.getOrder(id).at("/payment/status")).isEqualTo("REFUNDED");
        });
        var again = customer.post("/api/orders/" + id + "/cancellation", "");
        assertThat(again.status()).isIn(200, 409);
    }

    @Test
    void shipsDeliversAndReturnsAnOrder() {
        var customer = TestUser.registered();
        var sku = Products.createWithStock(2);
        var id = customer.placeOrder(Orders.newIdempotencyKey(), Orders.request(sku, 1, Card.MASTERCARD.token()), 10)
                .expect(201)
                .at("/id");
        customer.awaitFinalStatus(id, TestPlatform.COMPLETION_DEADLINE);

        customer.post("/api/orders/" + id + "/shipment", "").expectProblem(403, "forbidden");
        assertThat(TestUser.staff()
                        .post("/api/orders/" + id + "/shipment", "")
                        .expect(200)
                        .at("/status"))
                .isEqualTo("SHIPPED");
        customer.post("/api/orders/" + id + "/cancellation", "").expectProblem(409, "not-cancellable");
        assertThat(TestUser.staff()
                        .post("/api/orders/" + id + "/delivery", "")
                        .expect(200)
                        .at("/status"))
                .isEqualTo("DELIVERED");
        assertThat(TestUser.staff()
                        .post("/api/orders/" + id + "/return", "")
                        .expect(200)
                        .at("/status"))
                .isEqualTo("RETURNED");

        await().atMost(TestPlatform.COMPLETION_DEADLINE).untilAsserted(() -> {
            assertThat(customer.getOrder(id).at("/payment/status")).isEqualTo("REFUNDED");
            assertThat(Products.available(sku)).isEqualTo(2);
        });
    }

    @Test
    void rejectsOrderWhenStockIsShortAndNamesTheLines() {
        var customer = TestUser.registered();
        var scarce = Products.createWithStock(1);
        var plenty = Products.createWithStock(9);
        var lines = Orders.line(plenty, 2) + "," + Orders.line(scarce, 2);

        var id = customer.placeOrder(
                        Orders.newIdempotencyKey(), Orders.requestWithLines(lines, Card.APPROVED.token()), 10)
                .expect(201)
                .at("/id");
        var order = customer.awaitFinalStatus(id, TestPlatform.COMPLETION_DEADLINE);

        assertThat(order.at("/status")).isEqualTo("REJECTED");
        assertThat(order.at("/rejection/reason")).isEqualTo("OUT_OF_STOCK");
        assertThat(order.at("/rejection/lines/0/sku")).isEqualTo(scarce);
        assertThat(Products.available(scarce)).isEqualTo(1);
        assertThat(Products.available(plenty)).isEqualTo(9);
    }

    @Test
    void savesChangesAndDeletesAnAddress() {
        var customer = TestUser.registered();
        var address = """
                {"label": "Home", "name": "Rita Anyone", "street": "Rua %s 7", "postalCode": "1200-192",
                 "city": "Lisboa", "country": "PT", "isDefault": true}""";

        var id = customer.post("/api/users/me/addresses", address.formatted("Augusta"))
                .expect(201)
                .at("/id");
        customer.put("/api/users/me/addresses/" + id, address.formatted("Garrett"))
                .expect(200);
        assertThat(customer.get("/api/users/me/addresses").expect(200).text())
                .contains("Garrett")
                .doesNotContain("Augusta");
        customer.delete("/api/users/me/addresses/" + id).expect(204);
        assertThat(customer.get("/api/users/me/addresses").expect(200).text()).doesNotContain("Garrett");
    }

    @Test
    void returns304WhenTheOrderDoesNotChangeWithinTheWait() {
        var customer = TestUser.registered();
        var sku = Products.createWithStock(1);
        var id = customer.placeOrder(Orders.newIdempotencyKey(), Orders.request(sku, 1, Card.APPROVED.token()), 10)
                .expect(201)
                .at("/id");
        var order = customer.awaitFinalStatus(id, TestPlatform.COMPLETION_DEADLINE);
        var start = Instant.now();

        var unchanged = customer.send(Http.request("/api/orders/" + id)
                .header("If-None-Match", order.header("ETag").orElseThrow())
                .header("Prefer", "wait=1"));

        unchanged.expect(304);
        assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(900));
    }
}
