package dev.feira.catalog.events;

import static dev.feira.catalog.TestCatalog.STAFF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.feira.catalog.CatalogTest;
import dev.feira.catalog.TestCatalog;
import dev.feira.catalog.application.ReservationService;
import dev.feira.test.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Moves stock across its reorder level, and compares the events with the documented schemas. */
@CatalogTest
class StockEventsTests {

    private static final Path DOCUMENTS = Path.of("..", "docs", "events");
    private static final String BASE = "https://feira.example/events/";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Autowired
    TestCatalog catalog;

    @Autowired
    ReservationService reservations;

    @BeforeEach
    void addProduct() {
        catalog.clear();
        catalog.goods("APPLE", 10);
    }

    private UUID reserved(int quantity) {
        var order = UUID.randomUUID();
        assertThat(catalog.reserve(order, "APPLE", quantity).status()).isEqualTo(201);
        return order;
    }

    private TestCatalog.Reply move(String kind, int quantity) {
        return catalog.post(STAFF, "/products/APPLE/stock-movements", """
                {"kind": "%s", "quantity": %d, "reason": "As counted"}""".formatted(kind, quantity));
    }

    private List<Long> events() {
        return catalog.lowStockEvents("APPLE");
    }

    @Test
    void tellsOnceWhenReservationsReachTheLevel() {
        catalog.setReorderLevel("APPLE", 8);

        reserved(1);
        assertThat(events()).isEmpty();
        reserved(1);
        reserved(1);
        catalog.confirm(reserved(1));

        assertThat(events()).containsExactly(8L);
    }

    @Test
    void tellsAgainAfterProductWasAboveTheLevel() {
        catalog.setReorderLevel("APPLE", 8);

        var order = reserved(3);
        catalog.release(order);
        reserved(2);
        move("RECEIVED", 5);
        move("WASTE", 6);

        assertThat(events()).containsExactly(7L, 8L, 7L);
    }

    @ParameterizedTest
    @CsvSource({"WASTE, 4", "CORRECTED, -4"})
    void tellsWhenMovementFallsBelowTheLevel(String kind, int quantity) {
        catalog.setReorderLevel("APPLE", 8);

        move(kind, quantity);
        move("RECEIVED", 1);

        assertThat(events()).containsExactly(6L);
    }

    @Test
    void tellsWhenExpiredReservationIsConfirmed() {
        var order = reserved(4);
        catalog.letExpire(order);
        assertThat(reservations.expireOverdue(10, Set.of())).isEqualTo(1);
        catalog.setReorderLevel("APPLE", 8);

        catalog.confirm(order);

        assertThat(events()).containsExactly(6L);
    }

    @Test
    void tellsOfEachLowProductOfAnOrder() {
        for (var sku : List.of("FIG", "PEAR")) {
            catalog.goods(sku, 10);
            catalog.setReorderLevel(sku, 9);
        }

        catalog.reserve(UUID.randomUUID(), "PEAR", 2, "APPLE", 1, "FIG", 1);

        assertThat(catalog.lowStockEvents("FIG")).containsExactly(9L);
        assertThat(catalog.lowStockEvents("PEAR")).containsExactly(8L);
        assertThat(events()).isEmpty();
    }

    @Test
    void tellsWhenLevelIsSetAboveTheStock() {
        catalog.setReorderLevel("APPLE", 10);
        catalog.setReorderLevel("APPLE", 20);
        assertThat(events()).containsExactly(10L);

        catalog.setReorderLevel("APPLE", 9);
        catalog.setReorderLevel("APPLE", 11);
        assertThat(events()).containsExactly(10L, 10L);
    }

    @Test
    void tellsNothingWithoutLevel() {
        catalog.setReorderLevel("APPLE", 5);
        catalog.setReorderLevel("APPLE", 0);

        reserved(10);

        assertThat(events()).isEmpty();
    }

    @Test
    void tellsNothingWhenStockIsShort() {
        catalog.setReorderLevel("APPLE", 8);

        assertThat(catalog.reserve(UUID.randomUUID(), "APPLE", 11).problem()).isEqualTo("out-of-stock");
        assertThat(move("WASTE", 11).problem()).isEqualTo("insufficient-stock");

        assertThat(events()).isEmpty();
    }

    /** As the version before the reorder level does, which runs beside this one during a rollout. */
    @Test
    void tellsByTheNextChangeWhatPreviousVersionTook() {
        catalog.setReorderLevel("APPLE", 8);
        catalog.jdbc()
                .sql("update stock set available = available - 3, received = received - 3")
                .update();
        assertThat(events()).isEmpty();

        reserved(1);

        assertThat(events()).containsExactly(6L);
    }

    @Test
    void sendsEventsThatFitTheirSchema() throws IOException {
        catalog.setReorderLevel("APPLE", 8);
        reserved(3);

        var event = await().atMost(Duration.ofSeconds(30))
                .until(this::readFeed, events -> events.size() == 1)
                .get(0);

        assertThat(problems("cloudevent", event.toString())).isEqualTo("[]");
        assertThat(problems("stock.low.v1", event.get("data").toString())).isEqualTo("[]");
        assertThat(event.get("type").asString()).isEqualTo("stock.low.v1");
        assertThat(event.get("subject").asString()).isEqualTo("APPLE");
        assertThat(event.get("source").asString()).isEqualTo("/feeds/stock");
        assertThat(event.get("data")).isEqualTo(JSON.readTree("""
                {"sku": "APPLE", "name": {"en": "Name of APPLE", "pt": "Nome de APPLE"}, "available": 7, "reorderLevel": 8}"""));
    }

    private JsonNode readFeed() {
        var response = catalog.getAs(TestIdentity.serviceToken("reader", "feeds.stock"), "/feeds/stock");
        return response.status() == 204 ? JSON.createArrayNode() : JSON.readTree(response.body());
    }

    @Test
    void documentsTheEvent() throws IOException {
        assertThat(problems("stock.low.v1", Files.readString(DOCUMENTS.resolve("stock.low.v1.example.json"))))
                .isEqualTo("[]");
        assertThat(Files.readString(DOCUMENTS.resolve("asyncapi.yaml"))).contains("/feeds/stock", "stock.low.v1");
    }

    private static String problems(String type, String data) throws IOException {
        var address = BASE + type + ".schema.json";
        var schema = Files.readString(DOCUMENTS.resolve(type + ".schema.json"));
        return SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12, registry -> registry.schemas(Map.of(address, schema)))
                .getSchema(SchemaLocation.of(address))
                .validate(data, InputFormat.JSON)
                .toString();
    }

    @Test
    void showsTheLevelAndWhetherTheProductIsLow() {
        var set = catalog.setReorderLevel("APPLE", 9);
        assertThat(set.status()).isEqualTo(200);
        assertThat(set.<Integer>at("$.reorderLevel")).isEqualTo(9);
        assertThat(set.<Boolean>at("$.low")).isFalse();

        assertThat(move("WASTE", 1).<Boolean>at("$.stock.low")).isTrue();

        var ledger = catalog.getAs(STAFF, "/products/APPLE/stock-movements");
        assertThat(ledger.<Integer>at("$.stock.reorderLevel")).isEqualTo(9);
        assertThat(ledger.<Boolean>at("$.stock.low")).isTrue();
        assertThat(catalog.getAs(STAFF, "/audit").<Boolean>at("$.balanced")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1000001", "null"})
    void rejectsLevelOutOfRange(String level) {
        var rejected = catalog.put(STAFF, "/products/APPLE/reorder-level", "{\"reorderLevel\": %s}".formatted(level));

        assertThat(rejected.status()).isEqualTo(400);
        assertThat(rejected.problem()).isEqualTo("invalid-request");
        assertThat(rejected.<String>at("$.errors[0].field")).isEqualTo("reorderLevel");
    }

    @Test
    void acceptsTheHighestLevel() {
        assertThat(catalog.setReorderLevel("APPLE", 1_000_000).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NO-SUCH", "no-sku"})
    void rejectsLevelOfUnknownProduct(String sku) {
        var rejected = catalog.setReorderLevel(sku, 5);

        assertThat(rejected.status()).isEqualTo(404);
        assertThat(rejected.problem()).isEqualTo("product-not-found");
    }
}
