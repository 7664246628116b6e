package dev.feira.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.test.TestIdentity;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tests each operation with each role; the table and the OpenAPI document must have the same operations. */
class AuthorizationTests {

    private static TestEnvironment environment;
    private static Replica shop;
    private static UUID order;

    /** Expected status: anonymous, invalid token, other customer, owner, staff, admin, service. */
    private record Row(String operation, String body, int... expected) {}

    private static final List<String> ROLES =
            List.of("anonymous", "invalid token", "other customer", "owner", "staff", "admin", "service");

    @BeforeAll
    static void open() {
        environment = new TestEnvironment();
        environment.catalog.sells("A-1", "1.00", 1000);
        shop = environment.start();
    }

    @AfterAll
    static void close() {
        environment.close();
    }

    private static List<Row> table() {
        var quote = "{\"lines\":[{\"sku\":\"A-1\",\"quantity\":1}]}";
        return List.of(
                new Row("POST /quotes", quote, 200, 401, 200, 200, 200, 200, 200),
                new Row("POST /webhooks/payments", "{}", 401, 401, 401, 401, 401, 401, 401),
                new Row("POST /orders", Replica.order("A-1", 1, "tok_good"), 401, 401, 201, 201, 403, 403, 403),
                new Row("GET /orders", "", 401, 401, 200, 200, 200, 200, 403),
                new Row("GET /orders/{id}", "", 401, 401, 404, 200, 200, 200, 403),
                new Row("GET /orders/{id}/explanation", "", 401, 401, 404, 200, 200, 200, 403),
                new Row("POST /orders/{id}/cancellation", "", 401, 401, 404, 200, 200, 200, 403),
                new Row("POST /orders/{id}/shipment", "", 401, 401, 403, 403, 409, 409, 403),
                new Row("POST /orders/{id}/delivery", "", 401, 401, 403, 403, 409, 409, 403),
                new Row("POST /orders/{id}/return", "", 401, 401, 403, 403, 409, 409, 403),
                new Row("GET /parked-events", "", 401, 401, 403, 403, 200, 200, 403),
                new Row("GET /parked-events/audit", "", 401, 401, 403, 403, 200, 200, 403),
                new Row("POST /parked-events/{id}/retry", "", 401, 401, 403, 403, 404, 404, 403),
                new Row("DELETE /parked-events/{id}", "", 401, 401, 403, 403, 404, 404, 403),
                new Row("GET /feeds/orders", "", 401, 401, 403, 403, 403, 403, 403), // for its readers only
                new Row("GET /audit", "", 401, 401, 403, 403, 200, 200, 403));
    }

    private static String token(String who) {
        return switch (who) {
            case "anonymous" -> "";
            case "invalid token" -> TestIdentity.foreign("owner", "customer", "staff", "admin");
            case "other customer" -> TestIdentity.token("other", "customer");
            case "owner" -> TestIdentity.token("owner", "customer");
            case "staff" -> TestIdentity.token("sofia", "staff");
            case "admin" -> TestIdentity.token("root", "admin");
            default -> TestIdentity.serviceToken("order-service", "catalog.reservations");
        };
    }

    @TestFactory
    List<DynamicTest> checksEveryOperationForEveryRole() {
        order = shop.placed("owner", "A-1", 1, "tok_declines");
        return table().stream()
                .flatMap(row -> ROLES.stream()
                        .map(who -> DynamicTest.dynamicTest(row.operation + " by " + who, () -> {
                            // a pending order can be cancelled; a cancelled or rejected one cannot be shipped
                            if (row.operation.contains("cancellation")) {
                                order = shop.placed("owner", "A-1", 1, "tok_later");
                            }
                            var parts = row.operation.split(" ");
                            var response = shop.send(
                                    parts[0],
                                    parts[1].replace("{id}", order.toString()),
                                    token(who),
                                    row.body,
                                    "Idempotency-Key",
                                    UUID.randomUUID().toString());
                            assertThat(response.status())
                                    .as(response.body())
                                    .isEqualTo(row.expected[ROLES.indexOf(who)]);
                            if (response.status() >= 400) {
                                assertThat(response.text("type")).startsWith("urn:feira:problem:");
                            }
                        })))
                .toList();
    }

    @Test
    void testsEveryOperationOfOpenApiDocument() {
        var document = shop.get("/openapi.json", "").json();
        assertThat(document.path("openapi").asString()).startsWith("3.1");
        Set<String> published = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> published.add(method.toUpperCase() + " " + path.getKey())));
        assertThat(published)
                .containsExactlyInAnyOrderElementsOf(
                        table().stream().map(Row::operation).toList());
    }

    @Test
    void describesPublicOperationsByTheirPublicPaths() {
        var document = shop.get("/openapi.json/public", "").json();

        assertThat(document.path("paths").propertyNames())
                .contains("/api/quotes", "/api/orders", "/api/orders/{id}/return", "/api/webhooks/payments")
                .noneMatch(path -> path.contains("audit"));
    }

    @Test
    void returns401ForExpiredToken() {
        assertThat(shop.get("/orders", TestIdentity.expired("owner", "customer"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void deniesUnknownPathsAndActuator() {
        var admin = TestIdentity.token("root", "admin");
        for (var path : List.of("/actuator", "/actuator/health", "/actuator/prometheus", "/orders/x/y", "/nothing")) {
            assertThat(shop.get(path, admin).status()).as(path).isIn(403, 404);
        }
    }

    @Test
    void returns405ForUnsupportedMethodWhenPathIsAllowed() {
        var owner = TestIdentity.token("owner", "customer");
        var staff = TestIdentity.token("sofia", "staff");
        var any = UUID.randomUUID();
        for (var wrong : List.of("DELETE /orders/" + any, "PUT /orders", "GET /orders/" + any + "/cancellation")) {
            var parts = wrong.split(" ");
            assertThat(shop.send(parts[0], parts[1], owner, "").status())
                    .as(wrong)
                    .isEqualTo(405);
            assertThat(shop.send(parts[0], parts[1], "", "").status()).as(wrong).isEqualTo(401);
        }
        for (var wrong : List.of("GET /orders/" + any + "/shipment", "DELETE /audit")) {
            var parts = wrong.split(" ");
            assertThat(shop.send(parts[0], parts[1], staff, "").status())
                    .as(wrong)
                    .isEqualTo(405);
            assertThat(shop.send(parts[0], parts[1], owner, "").status())
                    .as(wrong)
                    .isEqualTo(403);
        }
        for (var path : List.of("/quotes", "/webhooks/payments")) {
            assertThat(shop.get(path, "").status()).as(path).isEqualTo(405);
        }
    }

    @Test
    void allowsHeadRequestsOfOwner() {
        var mine = shop.placed("owner", "A-1", 1, "tok_good");
        var token = TestIdentity.token("owner", "customer");
        assertThat(shop.send("HEAD", "/orders/" + mine, token, "").status()).isEqualTo(200);
        assertThat(shop.send("HEAD", "/orders", token, "").status()).isEqualTo(200);
    }
}
