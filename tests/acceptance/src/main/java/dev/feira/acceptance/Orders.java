package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** All orders of a customer. */
public final class Orders {

    private Orders() {}

    /** Id and status of every order, newest first, read page by page. */
    public static Map<String, String> all(Person customer) {
        var all = new LinkedHashMap<String, String>();
        String cursor = null;
        do {
            var page = customer.get("/api/orders?limit=100" + (cursor == null ? "" : "&cursor=" + cursor))
                    .expect(200);
            page.json().at("/items").forEach(order -> {
                var before =
                        all.put(order.at("/id").asString(), order.at("/status").asString());
                assertThat(before).as("an order on two pages").isNull();
            });
            cursor = page.at("/nextCursor");
        } while (cursor != null);
        return all;
    }

    /** Waits until every order of the customer has ended. */
    public static Map<String, String> awaitEnd(Person customer, Duration patience) {
        return await("the end of all orders of " + customer.email())
                .atMost(patience)
                .pollInterval(Duration.ofMillis(300))
                .until(
                        () -> all(customer),
                        orders -> orders.values().stream()
                                .noneMatch(status ->
                                        status.equals("PLACED") || status.equals("RESERVED") || status.equals("PAID")));
    }
}
