package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.function.SingletonSupplier;

/**
 * Calls every operation of the OpenAPI documents in every role. A cell of the table is the expected response. An operation
 * without a row fails, and so does a row without an operation.
 */
@AcceptanceTest
class AuthorizationTests {

    private enum Role {
        ANONYMOUS,
        OTHER_CUSTOMER,
        OWNER,
        STAFF,
        ADMIN
    }

    /** {@code yes}: success, or a conflict with the current state (409); a number: exactly this status. */
    private static final String TABLE = """
            operation                                 | anonymous | other    | owner | staff | admin
            GET    /api/products                      | yes       | yes      | yes   | yes   | yes
            GET    /api/products/{sku}                | yes       | yes      | yes   | yes   | yes
            PUT    /api/products/{sku}                | 401       | 403      | 403   | yes   | yes
            GET    /api/products/{sku}/stock-movements| 401       | 403      | 403   | yes   | yes
            POST   /api/products/{sku}/stock-movements| 401       | 403      | 403   | yes   | yes
            PUT    /api/products/{sku}/reorder-level  | 401       | 403      | 403   | yes   | yes
            GET    /api/categories                    | yes       | yes      | yes   | yes   | yes
            POST   /api/webhooks/payments             | 401       | 401      | 401   | 401   | 401
            POST   /api/quotes                        | yes       | yes      | yes   | yes   | yes
            GET    /api/orders                        | 401       | yes      | yes   | yes   | yes
            GET    /api/orders?customer={owner}       | 401       | 403      | yes   | yes   | yes
            POST   /api/orders                        | 401       | yes      | yes   | 403   | 403
            GET    /api/orders/{id}                   | 401       | 404      | yes   | yes   | yes
            GET    /api/orders/{id}/explanation       | 401       | 404      | yes   | yes   | yes
            POST   /api/orders/{id}/cancellation      | 401       | 404      | yes   | yes   | yes
            POST   /api/orders/{id}/shipment          | 401       | 403      | 403   | yes   | yes
            POST   /api/orders/{id}/delivery          | 401       | 403      | 403   | yes   | yes
            POST   /api/orders/{id}/return            | 401       | 403      | 403   | yes   | yes
            GET    /api/mails                         | 401       | 403      | 403   | yes   | yes
            GET    /api/mails/mine                    | 401       | yes      | yes   | yes   | yes
            GET    /api/mails/{id}                    | 401       | 403      | 403   | yes   | yes
            GET    /api/mails/{id}/html               | 401       | 403      | 403   | yes   | yes
            POST   /api/mails/{id}/retry              | 401       | 403      | 403   | yes   | yes
            POST   /api/users                         | yes       | yes      | yes   | yes   | yes
            GET    /api/users                         | 401       | 403      | 403   | 403   | yes
            PUT    /api/users/{id}/roles              | 401       | 403      | 403   | 403   | yes
            GET    /api/users/me                      | 401       | yes      | yes   | yes   | yes
            PATCH  /api/users/me                      | 401       | yes      | yes   | yes   | yes
            DELETE /api/users/me                      | 401       | yes      | yes   | yes   | yes
            POST   /api/users/me/verification         | 401       | yes      | yes   | yes   | yes
            POST   /api/users/me/email                | 401       | yes      | yes   | yes   | yes
            PUT    /api/users/me/password             | 401       | yes      | yes   | yes   | yes
            GET    /api/users/me/addresses            | 401       | yes      | yes   | yes   | yes
            POST   /api/users/me/addresses            | 401       | yes      | yes   | yes   | yes
            PUT    /api/users/me/addresses/{id}       | 401       | 404      | yes   | 404   | 404
            DELETE /api/users/me/addresses/{id}       | 401       | 404      | yes   | 404   | 404
            GET    /api/users/me/sign-ins             | 401       | yes      | yes   | yes   | yes
            DELETE /api/users/me/sign-ins             | 401       | yes      | yes   | yes   | yes
            GET    /id/keys                           | 401       | 403      | 403   | 403   | yes
            POST   /id/keys/rotation                  | 401       | 403      | 403   | 403   | yes
            GET    /id/security-events                | 401       | 403      | 403   | 403   | yes
            GET    /api/audits/catalog                | 401       | 403      | 403   | yes   | yes
            GET    /api/parked-events/catalog         | 401       | 403      | 403   | yes   | yes
            GET    /api/parked-events/catalog/audit   | 401       | 403      | 403   | yes   | yes
            GET    /api/parked-events/notifications   | 401       | 403      | 403   | yes   | yes
            GET    /api/parked-events/notifications/audit| 401       | 403      | 403   | yes   | yes
            GET    /api/audits/notifications          | 401       | 403      | 403   | yes   | yes
            GET    /api/parked-events/orders          | 401       | 403      | 403   | yes   | yes
            GET    /api/parked-events/orders/audit    | 401       | 403      | 403   | yes   | yes
            GET    /api/parked-events/gateway         | 401       | 403      | 403   | yes   | yes
            GET    /api/parked-events/gateway/audit   | 401       | 403      | 403   | yes   | yes
            GET    /api/audits/orders                 | 401       | 403      | 403   | yes   | yes
            GET    /api/audits/users                  | 401       | 403      | 403   | yes   | yes
            """;

    /** The audits are for staff; listing the orders of another customer is a row of its own. */
    private static final Set<String> NOT_IN_THE_DOCUMENTS = Set.of(
            "GET /api/orders?customer={owner}",
            "GET /api/audits/catalog",
            "GET /api/audits/orders",
            "GET /api/audits/users",
            "GET /api/audits/notifications",
            "GET /api/parked-events/notifications",
            "GET /api/parked-events/notifications/audit",
            "GET /api/parked-events/catalog",
            "GET /api/parked-events/catalog/audit",
            "GET /api/parked-events/orders",
            "GET /api/parked-events/orders/audit",
            "GET /api/parked-events/gateway",
            "GET /api/parked-events/gateway/audit");

    /** Shared, since each registration computes a slow password hash. */
    private static final Supplier<TestUser> OWNER = SingletonSupplier.of(TestUser::registered);

    private static final Supplier<TestUser> OTHER_CUSTOMER = SingletonSupplier.of(TestUser::registered);

    private static final String ADDRESS = """
            {"label": "Home", "name": "Rita Anyone", "street": "Rua Augusta 7", "postalCode": "1200-192",
             "city": "Lisboa", "country": "PT", "isDefault": false}""";

    private static Map<String, List<String>> table() {
        var rows = new TreeMap<String, List<String>>();
        TABLE.lines().skip(1).forEach(line -> {
            var cells = Arrays.stream(line.split("\\|")).map(String::strip).toList();
            rows.put(cells.getFirst().replaceAll(" +", " "), cells.subList(1, cells.size()));
        });
        return rows;
    }

    @Test
    void hasOneRowForEachDocumentedOperation() {
        var documented = new TreeSet<String>();
        for (var service : List.of("catalog", "orders", "users", "notifications")) {
            var document = Http.get("/openapi/" + service + ".json").expect(200).json();
            var server = URI.create(document.at("/servers/0/url").asString("/")).getPath();
            document.at("/paths")
                    .forEachEntry((path, operations) -> operations.propertyNames().stream()
                            .filter(Set.of("get", "put", "post", "patch", "delete", "head", "options")::contains)
                            .forEach(method -> documented.add(
                                    method.toUpperCase() + " " + (server + path).replaceAll("/+", "/"))));
        }
        documented.addAll(NOT_IN_THE_DOCUMENTS);

        assertThat(table().keySet()).containsExactlyElementsOf(documented);
    }

    static Stream<String> operations() {
        return table().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void allowsEachOperationForTheDeclaredRolesOnly(String operation) {
        var expected = table().get(operation);
        var wrong = new ArrayList<String>();
        // These end the sessions of the account, or the account
        var changesTheAccount = operation.equals("PUT /api/users/me/password")
                || operation.equals("DELETE /api/users/me")
                || operation.equals("DELETE /api/users/me/sign-ins")
                || operation.contains("/roles");
        for (var role : Role.values()) {
            var owner = changesTheAccount ? TestUser.registered() : OWNER.get();
            var caller = switch (role) {
                case ANONYMOUS -> null;
                case OTHER_CUSTOMER -> changesTheAccount ? TestUser.registered() : OTHER_CUSTOMER.get();
                case OWNER -> owner;
                case STAFF -> TestUser.staff();
                case ADMIN -> TestUser.admin();
            };
            var response = Http.sendWithRetry(request(operation, owner, caller));
            var cell = expected.get(role.ordinal());
            var right = cell.equals("yes")
                    ? response.status() / 100 == 2 || response.status() == 409
                    : response.status() == Integer.parseInt(cell);
            if (!right) {
                wrong.add("%s: expected %s, was %s".formatted(role, cell, response));
            }
        }
        assertThat(wrong).as(operation).isEmpty();
    }

    /**
     * Another site can make a browser send the session cookie, but not the CSRF token. {@code /id} does not accept the session;
     * webhooks are authenticated by their signature.
     */
    @Test
    void rejectsSessionCookieWithoutCsrfToken() throws Exception {
        var owner = TestUser.registered();
        var wrong = new ArrayList<String>();
        try (var browser = owner.signInToShop()) {
            for (var operation : table().keySet()) {
                if (operation.startsWith("GET ") || operation.contains("/api/webhooks/")) {
                    continue;
                }
                var response = browser.client().send(request(operation, owner, null), BodyHandlers.ofString());
                var right = operation.contains(" /id/")
                        ? response.statusCode() == 401
                        : response.statusCode() == 403 && response.body().contains("urn:feira:problem:csrf");
                if (!right) {
                    wrong.add("%s: %d %s".formatted(operation, response.statusCode(), response.body()));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Builds the operation on a resource of {@code owner}, as {@code user}. */
    private static HttpRequest request(String operation, TestUser owner, @Nullable TestUser user) {
        var method = operation.substring(0, operation.indexOf(' '));
        var path = operation.substring(operation.indexOf(' ') + 1);
        var target = switch (path) {
            case "/api/orders/{id}",
                    "/api/orders/{id}/explanation",
                    "/api/orders/{id}/cancellation",
                    "/api/orders/{id}/shipment",
                    "/api/orders/{id}/delivery",
                    "/api/orders/{id}/return" -> path.replace("{id}", order(owner));
            case "/api/mails/{id}", "/api/mails/{id}/html", "/api/mails/{id}/retry" ->
                path.replace("{id}", mail(order(owner)));
            case "/api/users/me/addresses/{id}" -> path.replace("{id}", createAddress(owner));
            case "/api/users/{id}/roles" -> path.replace("{id}", id(owner));
            case "/api/orders?customer={owner}" -> path.replace("{owner}", id(owner));
            case "/api/users" -> method.equals("GET") ? path + "?email=" + owner.email() : path;
            default -> path.replace("{sku}", "TEST-" + TestPlatform.unique());
        };
        if (path.contains("{sku}")) {
            Products.save(target.split("/")[3], "2.50", "ACTIVE");
        }
        var request = Http.json(target, method, body(operation, user));
        if (method.equals("GET") || method.equals("DELETE") && !operation.equals("DELETE /api/users/me")) {
            request = Http.request(target).method(method, HttpRequest.BodyPublishers.noBody());
        }
        request.header("Idempotency-Key", Orders.newIdempotencyKey());
        return (user == null ? request : user.authorize(request)).build();
    }

    private static String body(String operation, @Nullable TestUser user) {
        return switch (operation) {
            case "PUT /api/products/{sku}" -> Products.requestBody("Basket", "3.00", "ACTIVE");
            case "POST /api/products/{sku}/stock-movements" -> """
                    {"kind": "RECEIVED", "quantity": 1, "reason": "for a test"}""";
            case "PUT /api/products/{sku}/reorder-level" -> """
                    {"reorderLevel": 0}""";
            case "POST /api/quotes" -> Orders.quoteRequest(Orders.line(Products.createWithStock(1), 1));
            case "POST /api/orders" -> Orders.request(Products.createWithStock(1), 1, Card.APPROVED.token());
            case "POST /api/users" -> """
                    {"email": "anyone.%s@feira.example", "password": "%s", "name": "Rita Anyone"}""".formatted(TestPlatform.unique().toLowerCase(), TestUser.PASSWORD);
            case "PUT /api/users/{id}/roles" -> """
                    {"roles": ["customer"]}""";
            case "PATCH /api/users/me" -> """
                    {"name": "Rita Anyone"}""";
            case "DELETE /api/users/me" -> """
                    {"currentPassword": "%s"}""".formatted(user == null ? TestUser.PASSWORD : user.password());
            case "POST /api/users/me/email" ->
                """
                    {"email": "new.%s@feira.example", "currentPassword": "%s"}""".formatted(TestPlatform.unique().toLowerCase(), user == null ? TestUser.PASSWORD : user.password());
            case "PUT /api/users/me/password" ->
                """
                    {"currentPassword": "%s", "newPassword": "%s"}""".formatted(user == null ? TestUser.PASSWORD : user.password(), TestUser.PASSWORD + " again");
            case "POST /api/users/me/addresses", "PUT /api/users/me/addresses/{id}" -> ADDRESS;
            case "POST /api/webhooks/payments" -> "{}";
            default -> "";
        };
    }

    private static String order(TestUser owner) {
        var body = Orders.request(Products.createWithStock(1), 1, Card.APPROVED.token());
        var id = owner.placeOrder(Orders.newIdempotencyKey(), body, 10)
                .expect(201)
                .at("/id");
        owner.awaitFinalStatus(id, TestPlatform.COMPLETION_DEADLINE);
        return id;
    }

    /** Returns the mail about an order, which arrives shortly after it. */
    private static String mail(String order) {
        return Objects.requireNonNull(await("the mail about the order")
                .atMost(TestPlatform.COMPLETION_DEADLINE)
                .until(
                        () -> TestUser.staff()
                                .get("/api/mails?reference=" + order)
                                .expect(200)
                                .at("/items/0/id"),
                        Objects::nonNull));
    }

    private static String createAddress(TestUser owner) {
        return owner.post("/api/users/me/addresses", ADDRESS).expect(201).at("/id");
    }

    private static String id(TestUser owner) {
        return owner.get("/api/users/me").expect(200).at("/id");
    }
}
