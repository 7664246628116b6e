package dev.feira.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.TestIdentity;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Sends every operation as every role. */
@CatalogTest
class AuthorizationTests {

    /** The permitted roles: one letter for each of anyone, customer, staff, admin, order-service. */
    private static final Map<String, String> OPERATIONS = Map.ofEntries(
            Map.entry("GET /products", "ACSMO"),
            Map.entry("GET /products/{sku}", "ACSMO"),
            Map.entry("PUT /products/{sku}", "SM"),
            Map.entry("POST /products/{sku}/stock-movements", "SM"),
            Map.entry("GET /products/{sku}/stock-movements", "SM"),
            Map.entry("PUT /products/{sku}/reorder-level", "SM"),
            Map.entry("GET /categories", "ACSMO"),
            Map.entry("GET /pictures/{file}", "ACSMO"),
            Map.entry("POST /prices", "ACSMO"),
            Map.entry("GET /audit", "SMO"),
            Map.entry("GET /feeds/stock", ""), // for its readers only
            Map.entry("GET /parked-events", "SM"),
            Map.entry("GET /parked-events/audit", "SM"),
            Map.entry("POST /parked-events/{id}/retry", "SM"),
            Map.entry("DELETE /parked-events/{id}", "SM"),
            Map.entry("GET /reservations", "O"),
            Map.entry("GET /reservations/{orderId}", "O"),
            Map.entry("PUT /reservations/{orderId}", "O"),
            Map.entry("POST /reservations/{orderId}/confirmation", "O"),
            Map.entry("POST /reservations/{orderId}/return", "O"),
            Map.entry("DELETE /reservations/{orderId}", "O"));

    private static final Map<Character, String> TOKENS = Map.of(
            'A', TestCatalog.ANYONE,
            'C', TestCatalog.CUSTOMER,
            'S', TestCatalog.STAFF,
            'M', TestCatalog.ADMIN,
            'O', TestCatalog.ORDERS);

    @Autowired
    TestCatalog catalog;

    @Autowired
    @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mappings;

    @BeforeEach
    void addProducts() {
        catalog.clear();
        catalog.goods("APPLE", 10);
    }

    static Stream<Arguments> everyOneAndEveryOperation() {
        return OPERATIONS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(operation -> "ACSMO"
                        .chars()
                        .mapToObj(role -> Arguments.of(
                                operation.getKey(),
                                (char) role,
                                operation.getValue().indexOf(role) >= 0)));
    }

    @ParameterizedTest(name = "{0} by {1}: {2}")
    @MethodSource("everyOneAndEveryOperation")
    void permitsOperationsByRole(String operation, char role, boolean allowed) {
        var reply = send(operation, TOKENS.get(role));

        if (allowed) {
            assertThat(reply.status()).as(reply.toString()).isNotIn(401, 403).isLessThan(500);
        } else if (role == 'A') {
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.problem()).isEqualTo("unauthenticated");
            assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer");
        } else {
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.problem()).isEqualTo("forbidden");
        }
    }

    private TestCatalog.Reply send(String operation, String token) {
        var method = operation.split(" ")[0];
        var path = operation
                .split(" ")[1]
                .replace("{sku}", "APPLE")
                .replace("{id}", "none")
                .replace("{file}", "test-apple.png")
                .replace("{orderId}", UUID.randomUUID().toString());
        var body = switch (operation) {
            case "PUT /products/{sku}" -> TestCatalog.productBody("fruit", "Apple", "Maçã", "1.00", "ACTIVE");
            case "POST /products/{sku}/stock-movements" ->
                "{\"kind\": \"RECEIVED\", \"quantity\": 1, \"reason\": \"Delivery\"}";
            case "PUT /products/{sku}/reorder-level" -> "{\"reorderLevel\": 5}";
            case "POST /prices" -> "{\"skus\": [\"APPLE\"]}";
            case "PUT /reservations/{orderId}" -> TestCatalog.linesOf("APPLE", 1);
            default -> null;
        };
        return catalog.send(method, token, path, body);
    }

    @Test
    void coversEveryOperation() {
        var operations = new TreeSet<String>();
        mappings.getHandlerMethods().forEach((mapping, handler) -> {
            if (handler.getBeanType().getPackageName().matches("dev\\.feira\\.(catalog|events)\\..*")) {
                mapping.getMethodsCondition()
                        .getMethods()
                        .forEach(method ->
                                mapping.getPatternValues().forEach(path -> operations.add(method + " " + path)));
            }
        });
        operations.add("GET /pictures/{file}"); // static files have no handler method

        assertThat(operations).containsExactlyInAnyOrderElementsOf(OPERATIONS.keySet());
    }

    static List<String> badTokens() {
        var staff = List.of("staff");
        return List.of(
                TestIdentity.expired("someone", "staff"),
                TestIdentity.foreign("someone", "staff"),
                TestIdentity.tokenWith(
                        claims -> claims.subject("x").claim("roles", staff).audience("another-api")),
                TestIdentity.tokenWith(
                        claims -> claims.subject("x").claim("roles", staff).issuer("https://evil.example/id")),
                TestIdentity.tokenWith(claims -> claims.subject("x")
                        .claim("roles", staff)
                        .notBeforeTime(new Date(System.currentTimeMillis() + 3_600_000))),
                TestCatalog.STAFF.substring(0, TestCatalog.STAFF.lastIndexOf('.') + 1),
                "eyJhbGciOiJub25lIn0." + TestCatalog.STAFF.split("\\.")[1] + ".",
                "not-a-token");
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void rejectsInvalidToken(String token) {
        var audit = catalog.getAs(token, "/audit");

        assertThat(audit.status()).isEqualTo(401);
        assertThat(audit.problem()).isEqualTo("unauthenticated");
    }

    @Test
    void keepsRolesAndScopesApart() {
        var person =
                TestIdentity.tokenWith(claims -> claims.subject("x").claim("roles", List.of("catalog.reservations")));
        var service = TestIdentity.serviceToken("order-service", "staff", "ROLE_STAFF");

        assertThat(send("GET /reservations", person).status()).isEqualTo(403);
        assertThat(send("PUT /products/{sku}", service).status()).isEqualTo(403);
    }

    @Test
    void deniesUndeclaredPaths() {
        assertThat(catalog.get("/nothing").status()).isEqualTo(401);
        assertThat(catalog.getAs(TestCatalog.ADMIN, "/nothing").status()).isEqualTo(403);
        assertThat(catalog.getAs(TestCatalog.ADMIN, "/actuator/health").status())
                .isIn(403, 404);
        assertThat(catalog.getAs(TestCatalog.ADMIN, "/actuator/env").status()).isIn(403, 404);
        assertThat(catalog.get("/products/APPLE/../../reservations").status()).isIn(400, 401, 404);
        assertThat(catalog.get("/reservations/").status()).isIn(401, 404);
        assertThat(catalog.get("/reservations;a=b").status()).isIn(400, 401, 404);
    }
}
