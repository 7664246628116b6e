package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Builds the bodies of orders and quotes, and reads a customer's orders. */
public final class Orders {

    static final String DELIVERY_ADDRESS = """
            {"name": "Rita Anyone", "street": "Rua das Flores 7", "postalCode": "1200-192", "city": "Lisboa", "country": "PT"}""";

    private Orders() {}

    public static String line(String sku, Object quantity) {
        return """
                {"sku": "%s", "quantity": %s}""".formatted(sku, quantity);
    }

    public static String request(String sku, int quantity, String token) {
        return requestWithLines(line(sku, quantity), token);
    }

    static String requestWithLines(String lines, String token) {
        return """
                {"lines": [%s], "deliveryAddress": %s, "payment": {"token": "%s"}}""".formatted(lines, DELIVERY_ADDRESS, token);
    }

    public static String quoteRequest(String lines) {
        return """
                {"lines": [%s]}""".formatted(lines);
    }

    public static String newIdempotencyKey() {
        return UUID.randomUUID().toString();
    }

    static boolean isFinal(@Nullable String status) {
        return switch (status) {
            case "PLACED", "RESERVED", "PAID" -> false;
            case "CONFIRMED", "REJECTED", "CANCELLED", "SHIPPED", "DELIVERED", "RETURNED" -> true;
            case null, default -> throw new AssertionError("not the status of an order: " + status);
        };
    }

    /** Returns the status of each order by its id, newest first, read page by page. */
    public static Map<String, String> statuses(TestUser customer) {
        var statuses = new LinkedHashMap<String, String>();
        String cursor = null;
        do {
            var page = customer.get("/api/orders?limit=100" + (cursor == null ? "" : "&cursor=" + cursor))
                    .expect(200);
            page.json()
                    .at("/items")
                    .forEach(order -> assertThat(statuses.put(
                                    order.at("/id").asString(),
                                    order.at("/status").asString()))
                            .as("the same order on an earlier page")
                            .isNull());
            cursor = page.at("/nextCursor");
        } while (cursor != null);
        return statuses;
    }

    /** Waits until every order of the customer has a final status. */
    public static Map<String, String> awaitFinalStatuses(TestUser customer, Duration timeout) {
        return await("final statuses of all orders of " + customer.email())
                .atMost(timeout)
                .pollInterval(Duration.ofMillis(300))
                .until(
                        () -> statuses(customer),
                        orders -> orders.values().stream().allMatch(Orders::isFinal));
    }
}
