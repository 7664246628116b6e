package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users see and change only their own data. */
@AcceptanceTest
class OwnershipTests {

    @Test
    void returns404ForAnotherCustomersOrder() {
        var owner = TestUser.registered();
        var other = TestUser.registered();
        var sku = Products.createWithStock(1);
        var id = owner.placeOrder(Orders.newIdempotencyKey(), Orders.request(sku, 1, Card.APPROVED.token()), 10)
                .expect(201)
                .at("/id");
        owner.awaitFinalStatus(id, TestPlatform.COMPLETION_DEADLINE);

        other.getOrder(id).expectProblem(404, "order-not-found");
        other.post("/api/orders/" + id + "/cancellation", "").expectProblem(404, "order-not-found");
        assertThat(other.get("/api/orders").expect(200).items("/id")).isEmpty();
        other.get("/api/orders?customer=" + owner.get("/api/users/me").at("/id"))
                .expectProblem(403, "forbidden");
        Http.get("/api/orders/" + id).expectProblem(401, "unauthenticated");

        assertThat(owner.getOrder(id).at("/status")).isEqualTo("CONFIRMED");
        assertThat(TestUser.staff().getOrder(id).expect(200).at("/id")).isEqualTo(id);
    }

    @Test
    void returns404ForAnotherCustomersAddress() {
        var owner = TestUser.registered();
        var other = TestUser.registered();
        var address = """
                {"label": "Home", "name": "Rita Anyone", "street": "Rua Augusta 7", "postalCode": "1200-192",
                 "city": "Lisboa", "country": "PT", "isDefault": true}""";
        var id = owner.post("/api/users/me/addresses", address).expect(201).at("/id");

        assertThat(other.put("/api/users/me/addresses/" + id, address).status()).isEqualTo(404);
        // deleting a missing address changes nothing; either status is correct
        var deletion = other.delete("/api/users/me/addresses/" + id);
        assertThat(deletion.status()).isIn(204, 404);
        assertThat(owner.get("/api/users/me/addresses").text()).contains(id);
    }

    @Test
    void forbidsStaffOperationsForCustomers() {
        var customer = TestUser.registered();

        customer.put("/api/products/TEST-MINE", "{}").expect(403);
        customer.post("/api/products/TEST-MINE/stock-movements", """
                {"kind": "RECEIVED", "quantity": 1, "reason": "mine"}""").expectProblem(403, "forbidden");
        customer.get("/api/audits/orders").expectProblem(403, "forbidden");
        customer.get("/api/audits/catalog").expectProblem(403, "forbidden");
        customer.get("/api/audits/users").expectProblem(403, "forbidden");
        Http.get("/api/audits/orders").expectProblem(401, "unauthenticated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/prices",
                "/api/reservations",
                "/api/reservations/7d9f5d0e-0000-4000-8000-000000000001",
                "/api/audit",
                "/prices",
                "/reservations",
                "/orders",
                "/products",
                "/audit",
                "/id/audit",
                "/feeds/orders",
                "/api/feeds/orders",
                "/actuator",
                "/actuator/health",
                "/api/actuator/health",
                "/api/products/../actuator/health",
                "/api/products/..;/actuator/health",
                "/api/products/%2e%2e/actuator/health",
                "/id/actuator/health",
                "/id/users",
                "/payment-simulator/charges",
                "/payment-simulator/ledger",
                "/payment-simulator/actuator/health",
                "/api/webhooks",
                "/openapi.json",
                "/api/openapi.json"
            })
    void doesNotExposeInternalEndpoints(String path) {
        // The storefront's own URLs return its HTML
        var response = Http.send(
                Http.request("/").uri(URI.create(TestPlatform.url() + path)).build());

        var isStorefront = response.status() == 200 && response.text().contains("<feira-shell>");
        assertThat(isStorefront || response.status() / 100 == 4 || response.status() / 100 == 3)
                .as("%s returns %s", path, response)
                .isTrue();
        assertThat(response.text()).doesNotContain("\"components\"", "\"_links\"", "\"groups\"", "\"expiresAt\"");
    }

    @Test
    void rejectsInternalOperationsFromOutside() {
        var staff = TestUser.staff();

        assertThat(staff.post("/api/prices", """
                {"skus": ["A"]}""").status()).isIn(404, 405);
        assertThat(staff.put("/api/reservations/7d9f5d0e-0000-4000-8000-000000000001", """
                {"lines": []}""")
                        .status())
                .isIn(404, 405);
        assertThat(Http.post("/payment-simulator/charges", "{}").status()).isIn(401, 403, 404, 405);
        assertThat(Http.post("/payment-simulator/refunds", "{}").status()).isIn(401, 403, 404, 405);
    }

    @Test
    void rejectsWebhookWithoutAValidSignature() {
        var event = """
                {"id": "7d9f5d0e-0000-4000-8000-000000000001", "type": "charge.succeeded",
                 "chargeId": "7d9f5d0e-0000-4000-8000-000000000002",
                 "reference": "7d9f5d0e-0000-4000-8000-000000000003", "amount": {"amount": "1.00", "currency": "EUR"}}""";

        var unsigned = Http.post("/api/webhooks/payments", event);
        var forged = Http.sendWithRetry(Http.json("/api/webhooks/payments", "POST", event)
                .header("Feira-Signature", "t=" + Instant.now().getEpochSecond() + ",v1=" + "0".repeat(64))
                .build());

        assertThat(unsigned.status()).as(unsigned::text).isIn(400, 401, 403);
        assertThat(forged.status()).as(forged::text).isIn(400, 401, 403);
    }
}
