package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The platform's main job, as a customer does it. */
@AcceptanceTest
class JourneyTests {

    @Test
    void aNewCustomerFindsABasketOrdersItAndHasItConfirmed() {
        var customer = Person.registered();

        var profile = customer.get("/api/users/me").expect(200);
        assertThat(profile.at("/email")).isEqualTo(customer.email());
        assertThat(profile.json().at("/roles").toString()).contains("customer");

        var found = Http.get("/api/products?q=strawbery&lang=en").expect(200);
        assertThat(found.items("/name/en"))
                .as("found for the misspelt 'strawbery'")
                .anySatisfy(name -> assertThat(name).containsIgnoringCase("strawberr"));
        var sku = found.items("/sku").getFirst();
        Market.receive(sku, 2); // what it takes away again: the platform may be a kept one

        var quote =
                Http.post("/api/quotes", Market.quoteOf(Market.line(sku, 2))).expect(200);
        var unitPrice = new BigDecimal(quote.at("/lines/0/unitPrice/amount"));
        var gross = new BigDecimal(quote.at("/totals/gross/amount"));
        assertThat(quote.at("/lines/0/unitPrice/amount"))
                .isEqualTo(Http.get("/api/products/" + sku).at("/price/amount"));
        assertThat(gross).isEqualByComparingTo(unitPrice.multiply(BigDecimal.TWO));
        assertThat(new BigDecimal(quote.at("/totals/net/amount")).add(new BigDecimal(quote.at("/totals/vat/amount"))))
                .isEqualByComparingTo(gross);
        var before = Market.available(sku);

        var body = """
                {"lines": [%s], "deliveryAddress": %s, "payment": {"token": "%s"},
                 "expectedTotal": {"amount": "%s", "currency": "EUR"}}""".formatted(Market.line(sku, 2), Market.ADDRESS, Card.APPROVED.token(), gross);
        var placed = customer.order(Market.newKey(), body, 10).expect(201);
        var id = placed.at("/id");
        assertThat(placed.header("Location"))
                .hasValueSatisfying(location -> assertThat(location).endsWith("/api/orders/" + id));

        var order = customer.endOf(id, Feira.ENDING);
        assertThat(order.at("/status")).isEqualTo("CONFIRMED");
        assertThat(order.at("/totals/gross/amount")).isEqualTo(gross.toPlainString());
        assertThat(order.at("/payment/brand")).isEqualTo("Visa");
        assertThat(order.at("/payment/last4")).isEqualTo("4242");
        assertThat(order.json().at("/rejection").isNull()).isTrue();
        assertThat(order.json().at("/timeline")).hasSizeGreaterThanOrEqualTo(4);
        var last = Instant.EPOCH;
        for (var entry : order.json().at("/timeline")) {
            var at = Instant.parse(entry.at("/at").asString());
            assertThat(at).as("%s", order.json().at("/timeline")).isAfterOrEqualTo(last);
            last = at;
        }

        assertThat(Market.available(sku)).isEqualTo(before - 2);
        assertThat(customer.get("/api/orders").expect(200).items("/id")).containsExactly(id);
        assertThat(customer.get("/api/orders?status=CONFIRMED").expect(200).items("/id"))
                .containsExactly(id);
        assertThat(customer.get("/api/orders?status=REJECTED").expect(200).items("/id"))
                .isEmpty();
    }

    @Test
    void aCancelledOrderGivesStockAndMoneyBack() {
        var customer = Person.registered();
        var sku = Market.productWithStock(5);
        var id = customer.order(Market.newKey(), Market.order(sku, 3, Card.APPROVED.token()), 10)
                .expect(201)
                .at("/id");
        customer.endOf(id, Feira.ENDING);
        assertThat(Market.available(sku)).isEqualTo(2);

        var cancelled = customer.post("/api/orders/" + id + "/cancellation", "").expect(200);

        assertThat(cancelled.at("/status")).isEqualTo("CANCELLED");
        await().atMost(Feira.ENDING).untilAsserted(() -> {
            assertThat(Market.available(sku)).isEqualTo(5);
            assertThat(customer.orderOf(id).at("/payment/status")).isEqualTo("REFUNDED");
        });
        var again = customer.post("/api/orders/" + id + "/cancellation", "");
        assertThat(again.status()).isIn(200, 409);
    }

    @Test
    void theStaffShipsDeliversAndTakesBack() {
        var customer = Person.registered();
        var sku = Market.productWithStock(2);
        var id = customer.order(Market.newKey(), Market.order(sku, 1, Card.MASTERCARD.token()), 10)
                .expect(201)
                .at("/id");
        customer.endOf(id, Feira.ENDING);

        customer.post("/api/orders/" + id + "/shipment", "").expectProblem(403, "forbidden");
        assertThat(Person.staff()
                        .post("/api/orders/" + id + "/shipment", "")
                        .expect(200)
                        .at("/status"))
                .isEqualTo("SHIPPED");
        customer.post("/api/orders/" + id + "/cancellation", "").expectProblem(409, "not-cancellable");
        assertThat(Person.staff()
                        .post("/api/orders/" + id + "/delivery", "")
                        .expect(200)
                        .at("/status"))
                .isEqualTo("DELIVERED");
        assertThat(Person.staff()
                        .post("/api/orders/" + id + "/return", "")
                        .expect(200)
                        .at("/status"))
                .isEqualTo("RETURNED");

        await().atMost(Feira.ENDING).untilAsserted(() -> {
            assertThat(customer.orderOf(id).at("/payment/status")).isEqualTo("REFUNDED");
            assertThat(Market.available(sku)).isEqualTo(2);
        });
    }

    @Test
    void anOrderForMoreThanThereIsIsRejectedWithWhatIsMissing() {
        var customer = Person.registered();
        var scarce = Market.productWithStock(1);
        var plenty = Market.productWithStock(9);
        var lines = Market.line(plenty, 2) + "," + Market.line(scarce, 2);

        var id = customer.order(Market.newKey(), Market.orderOf(lines, Card.APPROVED.token()), 10)
                .expect(201)
                .at("/id");
        var order = customer.endOf(id, Feira.ENDING);

        assertThat(order.at("/status")).isEqualTo("REJECTED");
        assertThat(order.at("/rejection/reason")).isEqualTo("OUT_OF_STOCK");
        assertThat(order.at("/rejection/lines/0/sku")).isEqualTo(scarce);
        assertThat(Market.available(scarce)).isEqualTo(1);
        assertThat(Market.available(plenty)).isEqualTo(9);
    }

    @Test
    void anAddressIsKeptChangedAndForgotten() {
        var customer = Person.registered();
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
        Http.patiently(customer.as(Http.request("/api/users/me/addresses/" + id))
                        .DELETE()
                        .build())
                .expect(204);
        assertThat(customer.get("/api/users/me/addresses").expect(200).text()).doesNotContain("Garrett");
    }

    @Test
    void anUnchangedOrderIsWaitedForAndNotSentAgain() {
        var customer = Person.registered();
        var sku = Market.productWithStock(1);
        var id = customer.order(Market.newKey(), Market.order(sku, 1, Card.APPROVED.token()), 10)
                .expect(201)
                .at("/id");
        var order = customer.endOf(id, Feira.ENDING);
        var start = Instant.now();

        var same = Http.patiently(customer.as(Http.request("/api/orders/" + id))
                .header("If-None-Match", order.header("ETag").orElseThrow())
                .header("Prefer", "wait=1")
                .build());

        same.expect(304);
        assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(900));
    }
}
