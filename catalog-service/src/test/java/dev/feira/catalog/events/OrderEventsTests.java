package dev.feira.catalog.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feira.catalog.CatalogTest;
import dev.feira.catalog.TestCatalog;
import dev.feira.events.CloudEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Counts sales by the documented examples of order-service's events. */
@CatalogTest
class OrderEventsTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Autowired
    TestCatalog catalog;

    @Autowired
    OrderEvents events;

    @Autowired
    PlatformTransactionManager transactions;

    @BeforeEach
    void addProducts() {
        catalog.clear();
        catalog.goods("APPLE", 10);
        catalog.goods("PEAR", 10);
        catalog.goods("FIG", 10);
    }

    private void handle(String type, String data) {
        new TransactionTemplate(transactions).executeWithoutResult(_ -> events.handle(event(type, data)));
    }

    private static CloudEvent event(String type, String data) {
        return new CloudEvent(
                "1.0",
                "1",
                "/feeds/orders",
                type,
                "order",
                Instant.EPOCH,
                "application/json",
                null,
                "p",
                JSON.readTree(data));
    }

    private static String order(String previousStatus, String sku, int quantity) {
        return """
                {"previousStatus": "%s", "lines": [{"sku": "%s", "quantity": %d}, {"sku": "%2$s", "quantity": 1}], "more": 1}""".formatted(previousStatus, sku, quantity);
    }

    private List<String> popular() {
        return catalog.get("/products?sort=popular&sold=true").at("$.items[*].sku");
    }

    @Test
    void ranksProductsByConfirmedOrders() {
        handle("order.confirmed.v1", order("PAID", "PEAR", 2));
        handle("order.confirmed.v1", order("PAID", "FIG", 4));

        assertThat(popular()).containsExactly("FIG", "PEAR");
    }

    @Test
    void takesReturnedAndCancelledOrdersOff() {
        handle("order.confirmed.v1", order("PAID", "PEAR", 2));
        handle("order.confirmed.v1", order("PAID", "FIG", 2));

        handle("order.returned.v1", order("DELIVERED", "PEAR", 2));
        handle("order.cancelled.v1", order("CONFIRMED", "FIG", 2));

        assertThat(popular()).isEmpty();
    }

    @Test
    void leavesOrderThatWasCancelledBeforeItWasConfirmed() {
        handle("order.confirmed.v1", order("PAID", "PEAR", 2));

        handle("order.cancelled.v1", order("RESERVED", "PEAR", 2));

        assertThat(popular()).containsExactly("PEAR");
    }

    @Test
    void leavesOutProductThatDoesNotExist() {
        handle("order.confirmed.v1", order("PAID", "GONE", 2));

        assertThat(popular()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"lines\": [{\"sku\": \"no sku\", \"quantity\": 1}]}",
                "{\"lines\": [{\"sku\": \"FIG\"}]}",
                "[]"
            })
    void rejectsDataThatDoesNotFit(String data) {
        assertThatThrownBy(() -> handle("order.confirmed.v1", data)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void acceptsDocumentedExamples() throws Exception {
        for (var type : events.types()) {
            handle(type, Files.readString(Path.of("..", "docs", "events", type + ".example.json")));
        }
    }
}
