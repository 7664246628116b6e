package dev.feira.catalog;

import static dev.feira.catalog.TestCatalog.STAFF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

@CatalogTest
class StockTests {

    @Autowired
    TestCatalog catalog;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    MeterRegistry meters;

    @BeforeEach
    void addProduct() {
        catalog.clear();
        catalog.goods("APPLE", 10);
    }

    private TestCatalog.Reply move(String kind, int quantity) {
        return catalog.post(STAFF, "/products/APPLE/stock-movements", """
                {"kind": "%s", "quantity": %d, "reason": "As counted"}""".formatted(kind, quantity));
    }

    @Test
    void recordsMovementsWithUserAndReason() {
        var recorded = move("WASTE", 3);

        assertThat(recorded.status()).isEqualTo(201);
        assertThat(recorded.<Integer>at("$.movement.quantity")).isEqualTo(-3);
        assertThat(recorded.<String>at("$.movement.recordedBy")).isEqualTo("c0ffee00-0000-4000-8000-000000000002");
        assertThat(recorded.<Integer>at("$.stock.available")).isEqualTo(7);
        assertThat(move("CORRECTED", -2).<Integer>at("$.stock.available")).isEqualTo(5);
        assertThat(move("CORRECTED", 4).<Integer>at("$.stock.available")).isEqualTo(9);
        var ledger = catalog.getAs(STAFF, "/products/APPLE/stock-movements");
        assertThat(ledger.<List<Integer>>at("$.items[*].quantity")).containsExactly(4, -2, -3, 10);
        assertThat(ledger.<String>at("$.items[3].kind")).isEqualTo("RECEIVED");
        assertThat(ledger.<String>at("$.items[2].recordedAt")).isEqualTo(recorded.at("$.movement.recordedAt"));
        assertThat(ledger.<Integer>at("$.stock.received")).isEqualTo(9);
    }

    @Test
    void namesTheKindsOfMovements() {
        var rejected = move("STOLEN", 3);

        assertThat(rejected.status()).isEqualTo(400);
        assertThat(rejected.<String>at("$.errors[0].field")).isEqualTo("kind");
        assertThat(rejected.<String>at("$.errors[0].message")).isEqualTo("must be one of RECEIVED, CORRECTED, WASTE");
    }

    @Test
    void rejectsReasonWithoutAVisibleCharacter() {
        var movement = """
                {"kind": "WASTE", "quantity": 1, "reason": "%s"}""";

        for (var reason : List.of("", "\u00a0", "\u2003\u3000", "\u200b\u2060\ufeff", "\u3164")) {
            var rejected = catalog.post(STAFF, "/products/APPLE/stock-movements", movement.formatted(reason));
            assertThat(rejected.status()).isEqualTo(400);
            assertThat(rejected.<String>at("$.errors[0].message"))
                    .isEqualTo("must have at least one visible character");
        }
        assertThat(catalog.post(STAFF, "/products/APPLE/stock-movements", movement.formatted("\u00a0Mould\u3000"))
                        .<String>at("$.movement.reason"))
                .isEqualTo("Mould");
    }

    private TestCatalog.Reply deliver(String key, int quantity) {
        return catalog.post(STAFF, "/products/APPLE/stock-movements", """
                {"kind": "RECEIVED", "quantity": %d, "reason": "Delivery 7"}""".formatted(quantity), "Idempotency-Key", key);
    }

    @Test
    void recordsRepeatedMovementOnce() {
        var first = deliver("delivery-7", 5);
        var again = deliver("delivery-7", 5);

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(catalog.available("APPLE")).isEqualTo(15);
        var other = deliver("delivery-7", 6);
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
        assertThat(catalog.available("APPLE")).isEqualTo(15);
        // a rejected movement does not use its key
        assertThat(deliver("delivery-8", 6).status()).isEqualTo(201);
    }

    @Test
    void recordsConcurrentRepeatsOnce() throws InterruptedException {
        Concurrently.all(20, i -> () -> {
            assertThat(deliver("delivery-7", 5).status()).isEqualTo(201);
            return null;
        });

        assertThat(catalog.available("APPLE")).isEqualTo(15);
    }

    @Test
    void rejectsMovementWithoutIdempotencyKey() {
        for (var key : List.of("", "a b", "x".repeat(101))) {
            var rejected = deliver(key, 5);
            assertThat(rejected.status()).isEqualTo(400);
            assertThat(rejected.problem()).isEqualTo("idempotency-key-missing");
        }
        assertThat(catalog.available("APPLE")).isEqualTo(10);
    }

    @Test
    void rejectsMovementThatExceedsTheAvailableStock() {
        catalog.reserve(UUID.randomUUID(), "APPLE", 8);

        var rejected = move("WASTE", 3);

        assertThat(rejected.status()).isEqualTo(409);
        assertThat(rejected.problem()).isEqualTo("insufficient-stock");
        assertThat(rejected.<Integer>at("$.available")).isEqualTo(2);
        assertThat(catalog.getAs(STAFF, "/products/APPLE/stock-movements").<List<Object>>at("$.items"))
                .hasSize(1);
    }

    @Test
    void listsTheLedgerInPagesWithCursorsOfItsProduct() {
        catalog.goods("PEAR", 1);
        for (var i = 1; i <= 5; i++) {
            move("RECEIVED", i);
        }

        var seen = new ArrayList<Integer>();
        String cursor = null;
        do {
            var page = catalog.getAs(
                    STAFF, "/products/APPLE/stock-movements?limit=2" + (cursor == null ? "" : "&cursor=" + cursor));
            seen.addAll(page.<List<Integer>>at("$.items[*].quantity"));
            cursor = page.at("$.nextCursor");
            if (cursor != null) {
                assertThat(catalog.getAs(STAFF, "/products/PEAR/stock-movements?cursor=" + cursor)
                                .problem())
                        .isEqualTo("invalid-cursor");
            }
        } while (cursor != null);
        assertThat(seen).containsExactly(5, 4, 3, 2, 1, 10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"kind\": \"SOLD\", \"quantity\": 1, \"reason\": \"x\"}",
                "{\"kind\": 0, \"quantity\": 1, \"reason\": \"x\"}",
                "{\"kind\": \"WASTE\", \"quantity\": 0, \"reason\": \"x\"}",
                "{\"kind\": \"WASTE\", \"quantity\": -1, \"reason\": \"x\"}",
                "{\"kind\": \"RECEIVED\", \"quantity\": -1, \"reason\": \"x\"}",
                "{\"kind\": \"RECEIVED\", \"quantity\": 1000001, \"reason\": \"x\"}",
                "{\"kind\": \"RECEIVED\", \"quantity\": 1.5, \"reason\": \"x\"}",
                "{\"kind\": \"RECEIVED\", \"quantity\": 1, \"reason\": \" \"}",
                "{\"kind\": \"RECEIVED\", \"quantity\": 1, \"reason\": \"a\\u0000\"}",
            })
    void rejectsInvalidMovement(String body) {
        var reply = catalog.post(STAFF, "/products/APPLE/stock-movements", body);

        assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("invalid-request");
        assertThat(catalog.available("APPLE")).isEqualTo(10);
    }

    @Test
    void returns404ForAMovementOfAnUnknownProduct() {
        var body = "{\"kind\": \"RECEIVED\", \"quantity\": 1, \"reason\": \"x\"}";

        assertThat(catalog.post(STAFF, "/products/NONE/stock-movements", body).problem())
                .isEqualTo("product-not-found");
        assertThat(catalog.post(STAFF, "/products/none/stock-movements", body).problem())
                .isEqualTo("product-not-found");
        assertThat(catalog.getAs(STAFF, "/products/NONE/stock-movements").problem())
                .isEqualTo("product-not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update stock set available = -1, received = received - 11",
                "update stock set reserved = reserved + 1",
                "update stock set sold = -1, available = available + 1",
                "update stock set received = received + 1",
            })
    void rejectsUnbalancedStockInTheDatabase(String mistake) {
        assertThatThrownBy(() -> jdbc.sql(mistake).update()).isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void reportsBalancedStockAfterSalesAndReturns() {
        catalog.goods("PEAR", 5);
        var sold = UUID.randomUUID();
        var returned = UUID.randomUUID();
        catalog.reserve(UUID.randomUUID(), "APPLE", 1);
        for (var order : List.of(sold, returned)) {
            catalog.reserve(order, "APPLE", 2, "PEAR", 1);
            catalog.confirm(order);
        }
        catalog.restock(returned);

        var audit = catalog.getAs(STAFF, "/audit");

        assertThat(audit.<Boolean>at("$.balanced")).isTrue();
        assertThat(audit.<Integer>at("$.skus")).isEqualTo(2);
        assertThat(audit.<String>at("$.checkedAt")).endsWith("Z");
        assertThat(audit.<List<Object>>at("$.discrepancies")).isEmpty();
        assertThat(meters.get("feira.audit.discrepancies").gauge().value()).isZero();
    }

    @Test
    void reportsGoodsSoldWithoutAnOrder() {
        jdbc.sql("update stock set sold = sold + 1, available = available - 1").update();

        var audit = catalog.getAs(STAFF, "/audit");

        assertThat(audit.<Boolean>at("$.balanced")).isFalse();
        assertThat(audit.<Object>at("$.discrepancies"))
                .asString()
                .isEqualTo("[{\"sku\":\"APPLE\",\"received\":10,\"available\":9,\"reserved\":0,\"sold\":0}]");
        assertThat(meters.get("feira.audit.discrepancies").gauge().value()).isEqualTo(1);
    }

    @Test
    void reportsDeliveryMissingInTheLedger() {
        jdbc.sql("update stock set received = received + 1, available = available + 1")
                .update();

        assertThat(catalog.getAs(STAFF, "/audit").<Boolean>at("$.balanced")).isFalse();
    }
}
