package dev.feira.catalog;

import static dev.feira.catalog.TestCatalog.ORDERS;
import static dev.feira.catalog.TestCatalog.STAFF;
import static dev.feira.catalog.TestCatalog.linesOf;
import static dev.feira.catalog.TestCatalog.productBody;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.catalog.application.ReservationService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@CatalogTest
class ReservationTests {

    @Autowired
    TestCatalog catalog;

    @Autowired
    ReservationService reserving;

    final UUID order = UUID.randomUUID();

    @BeforeEach
    void addProducts() {
        catalog.clear();
        catalog.goods("APPLE", 10);
        catalog.goods("PEAR", 10);
    }

    @AfterEach
    void checkThatStockBalances() {
        var audit = catalog.getAs(ORDERS, "/audit");
        assertThat(audit.<Boolean>at("$.balanced")).as(audit.body()).isTrue();
    }

    private void assertStock(String sku, int available, int reserved, int sold) {
        var stock = catalog.getAs(STAFF, "/products/" + sku + "/stock-movements");
        assertThat(List.of(
                        stock.<Integer>at("$.stock.available"),
                        stock.<Integer>at("$.stock.reserved"),
                        stock.<Integer>at("$.stock.sold")))
                .as("available, reserved, sold")
                .containsExactly(available, reserved, sold);
    }

    @Test
    void reservesGoodsFor15Minutes() {
        var reply = catalog.reserve(order, "PEAR", 2, "APPLE", 3);

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.<String>at("$.orderId")).isEqualTo(order.toString());
        assertThat(reply.<String>at("$.status")).isEqualTo("HELD");
        assertThat(reply.<Object>at("$.lines[*].sku")).asString().isEqualTo("[\"APPLE\",\"PEAR\"]");
        assertThat(Duration.between(Instant.now(), Instant.parse(reply.at("$.expiresAt"))))
                .isBetween(Duration.ofMinutes(14), Duration.ofMinutes(16));
        assertStock("APPLE", 7, 3, 0);
        assertStock("PEAR", 8, 2, 0);
    }

    @Test
    void returnsTheSameReservationForARepeatedRequest() {
        var first = catalog.reserve(order, "APPLE", 3, "PEAR", 1);
        var again = catalog.reserve(order, "PEAR", 1, "APPLE", 3);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertStock("APPLE", 7, 3, 0);
    }

    @Test
    void returnsTheReservationAfterItsProductWasArchived() {
        catalog.reserve(order, "APPLE", 3);
        catalog.put(STAFF, "/products/APPLE", productBody("fruit", "Apple", "Maçã", "1.00", "ARCHIVED"));

        assertThat(catalog.reserve(order, "APPLE", 3).status()).isEqualTo(200);
        assertThat(catalog.confirm(order).status()).isEqualTo(200);
    }

    @Test
    void rejectsOtherLinesForTheSameOrder() {
        catalog.reserve(order, "APPLE", 3);

        var reply = catalog.reserve(order, "APPLE", 4);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.problem()).isEqualTo("reservation-differs");
        assertStock("APPLE", 7, 3, 0);
    }

    @Test
    void addsLinesOfTheSameProduct() {
        assertThat(catalog.reserve(order, "APPLE", 6, "APPLE", 5).problem()).isEqualTo("out-of-stock");
        assertThat(catalog.reserve(UUID.randomUUID(), "APPLE", 6, "APPLE", 4).status())
                .isEqualTo(201);
        assertStock("APPLE", 0, 10, 0);
    }

    @Test
    void reservesNothingAndNamesShortagesWhenStockIsShort() {
        var reply = catalog.reserve(order, "APPLE", 3, "PEAR", 11);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.problem()).isEqualTo("out-of-stock");
        assertThat(reply.<Object>at("$.lines"))
                .asString()
                .isEqualTo("[{\"sku\":\"PEAR\",\"requested\":11,\"available\":10}]");
        assertStock("APPLE", 10, 0, 0);
        assertStock("PEAR", 10, 0, 0);
        assertThat(catalog.reservation(order).problem()).isEqualTo("reservation-not-found");
        // the order may repeat the request after a delivery
        catalog.receive("PEAR", 1);
        assertThat(catalog.reserve(order, "APPLE", 3, "PEAR", 11).status()).isEqualTo(201);
    }

    @Test
    void namesUnknownAndArchivedProducts() {
        catalog.put(STAFF, "/products/PEAR", productBody("fruit", "Pear", "Pêra", "1.00", "ARCHIVED"));

        var unknown = catalog.reserve(order, "NONE", 1, "APPLE", 1, "NEITHER", 1);
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.problem()).isEqualTo("unknown-product");
        assertThat(unknown.<Object>at("$.skus")).asString().isEqualTo("[\"NEITHER\",\"NONE\"]");
        var archived = catalog.reserve(order, "PEAR", 1, "APPLE", 1);
        assertThat(archived.status()).isEqualTo(422);
        assertThat(archived.problem()).isEqualTo("product-archived");
        assertThat(archived.<Object>at("$.skus")).asString().isEqualTo("[\"PEAR\"]");
        assertStock("APPLE", 10, 0, 0);
    }

    @Test
    void sellsOnceForRepeatedConfirmations() {
        catalog.reserve(order, "APPLE", 3);

        assertThat(catalog.confirm(order).<String>at("$.status")).isEqualTo("CONFIRMED");
        assertThat(catalog.confirm(order).status()).isEqualTo(200);
        assertThat(catalog.reserve(order, "APPLE", 3).<String>at("$.status")).isEqualTo("CONFIRMED");
        assertStock("APPLE", 7, 0, 3);
    }

    @Test
    void releasesOnceAndClosesTheReservation() {
        catalog.reserve(order, "APPLE", 3);

        assertThat(catalog.release(order).status()).isEqualTo(204);
        assertThat(catalog.release(order).status()).isEqualTo(204);
        assertStock("APPLE", 10, 0, 0);
        assertThat(catalog.reserve(order, "APPLE", 3).problem()).isEqualTo("reservation-closed");
        assertThat(catalog.confirm(order).problem()).isEqualTo("reservation-closed");
        assertStock("APPLE", 10, 0, 0);
    }

    @Test
    void rejectsReservationAfterAnEarlierRelease() {
        assertThat(catalog.release(order).status()).isEqualTo(204);

        var late = catalog.reserve(order, "APPLE", 3);

        assertThat(late.status()).isEqualTo(409);
        assertThat(late.problem()).isEqualTo("reservation-closed");
        assertThat(late.<String>at("$.reservationStatus")).isEqualTo("RELEASED");
        assertThat(catalog.reservation(order).<Object>at("$.lines")).asString().isEqualTo("[]");
        assertStock("APPLE", 10, 0, 0);
    }

    @Test
    void restocksSoldGoodsOnRelease() {
        catalog.reserve(order, "APPLE", 3);
        catalog.confirm(order);

        assertThat(catalog.release(order).status()).isEqualTo(204);
        assertThat(catalog.reservation(order).<String>at("$.status")).isEqualTo("RETURNED");
        assertStock("APPLE", 10, 0, 0);
    }

    @Test
    void restocksReturnedGoodsOnce() {
        catalog.reserve(order, "APPLE", 3);
        assertThat(catalog.restock(order).problem()).isEqualTo("reservation-not-confirmed");
        catalog.confirm(order);

        assertThat(catalog.restock(order).<String>at("$.status")).isEqualTo("RETURNED");
        assertThat(catalog.restock(order).status()).isEqualTo(200);
        assertThat(catalog.release(order).status()).isEqualTo(204);
        assertThat(catalog.confirm(order).problem()).isEqualTo("reservation-closed");
        assertStock("APPLE", 10, 0, 0);
    }

    @Test
    void returns404WithoutReservation() {
        assertThat(catalog.confirm(order).problem()).isEqualTo("reservation-not-found");
        assertThat(catalog.restock(order).problem()).isEqualTo("reservation-not-found");
        assertThat(catalog.reservation(order).status()).isEqualTo(404);
    }

    @Test
    void makesExpiredGoodsAvailable() {
        var inTime = UUID.randomUUID();
        catalog.reserve(order, "APPLE", 3);
        catalog.reserve(inTime, "APPLE", 2);
        catalog.letExpire(order);

        assertThat(reserving.expireOverdue(100, Set.of())).isEqualTo(1);

        assertThat(catalog.reservation(order).<String>at("$.status")).isEqualTo("EXPIRED");
        assertThat(catalog.reservation(inTime).<String>at("$.status")).isEqualTo("HELD");
        assertStock("APPLE", 8, 2, 0);
        assertThat(catalog.reserve(order, "APPLE", 3).problem()).isEqualTo("reservation-closed");
    }

    @Test
    void sellsGoodsToAPaidOrderAfterExpiry() {
        catalog.reserve(order, "APPLE", 3, "PEAR", 1);
        catalog.letExpire(order);
        reserving.expireOverdue(100, Set.of());

        assertThat(catalog.confirm(order).<String>at("$.status")).isEqualTo("CONFIRMED");
        assertStock("APPLE", 7, 0, 3);
        assertStock("PEAR", 9, 0, 1);
    }

    @Test
    void returnsReservationExpiredWhenStockIsShort() {
        catalog.reserve(order, "APPLE", 3, "PEAR", 1);
        catalog.letExpire(order);
        reserving.expireOverdue(100, Set.of());
        catalog.reserve(UUID.randomUUID(), "APPLE", 8);

        var reply = catalog.confirm(order);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.problem()).isEqualTo("reservation-expired");
        assertStock("APPLE", 2, 8, 0);
        assertStock("PEAR", 10, 0, 0);
        assertThat(catalog.release(order).status()).isEqualTo(204);
        assertThat(catalog.confirm(order).problem()).isEqualTo("reservation-closed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"lines\": []}",
                "{\"lines\": null}",
                "{}",
                "{\"lines\": [null]}",
                "{\"lines\": [{}]}",
                "{\"lines\": [{\"sku\": \"APPLE\", \"quantity\": 0}]}",
                "{\"lines\": [{\"sku\": \"APPLE\", \"quantity\": -1}]}",
                "{\"lines\": [{\"sku\": \"APPLE\", \"quantity\": 1000000000}]}",
                "{\"lines\": [{\"sku\": \"APPLE\", \"quantity\": 99999999999999999999}]}",
                "{\"lines\": [{\"sku\": \"APPLE\", \"quantity\": 1.5}]}",
                "{\"lines\": [{\"sku\": \"APPLE\", \"quantity\": \"1\"}]}",
                "{\"lines\": [{\"sku\": \"APPLE\", \"quantity\": null}]}",
                "{\"lines\": [{\"sku\": \"apple\", \"quantity\": 1}]}",
                "{\"lines\": [{\"sku\": \"A\\u0000\", \"quantity\": 1}]}",
                "{\"lines\": [{\"sku\": null, \"quantity\": 1}]}",
                "{\"lines\": {\"sku\": \"APPLE\", \"quantity\": 1}}",
            })
    void rejectsInvalidLines(String body) {
        var reply = catalog.put(ORDERS, "/reservations/" + order, body);

        assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("invalid-request");
        assertThat(reply.<String>at("$.errors[0].field")).startsWith("lines");
        assertThat(catalog.reservation(order).status()).isEqualTo(404);
    }

    @Test
    void rejectsTooManyLinesUnknownFieldsAndMalformedId() {
        var many = new Object[1000];
        for (var i = 0; i < 1000; i += 2) {
            many[i] = "SKU-" + i;
            many[i + 1] = 1;
        }
        assertThat(catalog.put(ORDERS, "/reservations/" + order, linesOf(many)).problem())
                .isEqualTo("invalid-request");
        var priced = "{\"lines\": [{\"sku\": \"APPLE\", \"quantity\": 1, \"price\": \"0.01\"}]}";
        assertThat(catalog.put(ORDERS, "/reservations/" + order, priced).problem())
                .isEqualTo("unexpected-field");
        assertThat(catalog.put(ORDERS, "/reservations/1", linesOf("APPLE", 1)).problem())
                .isEqualTo("invalid-request");
    }

    @Test
    void listsReservationsInPages() {
        var orders = IntStream.range(0, 7).mapToObj(i -> UUID.randomUUID()).toList();
        orders.forEach(id -> catalog.reserve(id, "APPLE", 1, "PEAR", 1));
        catalog.release(UUID.randomUUID());

        var seen = new ArrayList<String>();
        String cursor = null;
        do {
            var page = catalog.getAs(
                    ORDERS, "/reservations?status=HELD&limit=3" + (cursor == null ? "" : "&cursor=" + cursor));
            assertThat(page.status()).isEqualTo(200);
            seen.addAll(page.<List<String>>at("$.items[*].orderId"));
            cursor = page.at("$.nextCursor");
        } while (cursor != null);

        assertThat(seen)
                .containsExactlyElementsOf(orders.stream().map(UUID::toString).toList());
        assertThat(catalog.getAs(ORDERS, "/reservations").<List<Object>>at("$.items"))
                .hasSize(8);
        assertThat(catalog.getAs(ORDERS, "/reservations?status=LOST").problem()).isEqualTo("invalid-request");
    }
}
