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
    TestCatalog market;

    @Autowired
    ReservationService reserving;

    final UUID order = UUID.randomUUID();

    @BeforeEach
    void tenApplesAndTenPears() {
        market.clear();
        market.goods("APPLE", 10);
        market.goods("PEAR", 10);
    }

    @AfterEach
    void theStockBalances() {
        var audit = market.getAs(ORDERS, "/audit");
        assertThat(audit.<Boolean>at("$.balanced")).as(audit.body()).isTrue();
    }

    private void assertStock(String sku, int available, int reserved, int sold) {
        var stock = market.getAs(STAFF, "/products/" + sku + "/stock-movements");
        assertThat(List.of(
                        stock.<Integer>at("$.stock.available"),
                        stock.<Integer>at("$.stock.reserved"),
                        stock.<Integer>at("$.stock.sold")))
                .as("available, reserved, sold")
                .containsExactly(available, reserved, sold);
    }

    @Test
    void goodsAreHeldForAQuarterOfAnHour() {
        var reply = market.reserve(order, "PEAR", 2, "APPLE", 3);

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
    void theSameRequestAgainHasTheSameAnswerAndNoSecondEffect() {
        var first = market.reserve(order, "APPLE", 3, "PEAR", 1);
        var again = market.reserve(order, "PEAR", 1, "APPLE", 3);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertStock("APPLE", 7, 3, 0);
    }

    @Test
    void theSameRequestAgainIsAnsweredAlsoWhenTheProductWasArchivedSince() {
        market.reserve(order, "APPLE", 3);
        market.put(STAFF, "/products/APPLE", productBody("fruit", "Apple", "Maçã", "1.00", "ARCHIVED"));

        assertThat(market.reserve(order, "APPLE", 3).status()).isEqualTo(200);
        assertThat(market.confirm(order).status()).isEqualTo(200);
    }

    @Test
    void otherLinesForTheSameOrderAreRefused() {
        market.reserve(order, "APPLE", 3);

        var reply = market.reserve(order, "APPLE", 4);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.problem()).isEqualTo("reservation-differs");
        assertStock("APPLE", 7, 3, 0);
    }

    @Test
    void linesOfTheSameProductAreAddedUp() {
        assertThat(market.reserve(order, "APPLE", 6, "APPLE", 5).problem()).isEqualTo("out-of-stock");
        assertThat(market.reserve(UUID.randomUUID(), "APPLE", 6, "APPLE", 4).status())
                .isEqualTo(201);
        assertStock("APPLE", 0, 10, 0);
    }

    @Test
    void tooLittleOfOneProductHoldsNothingOfAnyAndNamesWhatIsMissing() {
        var reply = market.reserve(order, "APPLE", 3, "PEAR", 11);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.problem()).isEqualTo("out-of-stock");
        assertThat(reply.<Object>at("$.lines"))
                .asString()
                .isEqualTo("[{\"sku\":\"PEAR\",\"requested\":11,\"available\":10}]");
        assertStock("APPLE", 10, 0, 0);
        assertStock("PEAR", 10, 0, 0);
        assertThat(market.reservation(order).problem()).isEqualTo("reservation-not-found");
        // the order may ask again, when there is more
        market.receive("PEAR", 1);
        assertThat(market.reserve(order, "APPLE", 3, "PEAR", 11).status()).isEqualTo(201);
    }

    @Test
    void unknownAndArchivedProductsAreNamed() {
        market.put(STAFF, "/products/PEAR", productBody("fruit", "Pear", "Pêra", "1.00", "ARCHIVED"));

        var unknown = market.reserve(order, "NONE", 1, "APPLE", 1, "NEITHER", 1);
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.problem()).isEqualTo("unknown-product");
        assertThat(unknown.<Object>at("$.skus")).asString().isEqualTo("[\"NEITHER\",\"NONE\"]");
        var archived = market.reserve(order, "PEAR", 1, "APPLE", 1);
        assertThat(archived.status()).isEqualTo(422);
        assertThat(archived.problem()).isEqualTo("product-archived");
        assertThat(archived.<Object>at("$.skus")).asString().isEqualTo("[\"PEAR\"]");
        assertStock("APPLE", 10, 0, 0);
    }

    @Test
    void confirmingSellsOnce() {
        market.reserve(order, "APPLE", 3);

        assertThat(market.confirm(order).<String>at("$.status")).isEqualTo("CONFIRMED");
        assertThat(market.confirm(order).status()).isEqualTo(200);
        assertThat(market.reserve(order, "APPLE", 3).<String>at("$.status")).isEqualTo("CONFIRMED");
        assertStock("APPLE", 7, 0, 3);
    }

    @Test
    void releasingPutsTheGoodsBackOnceAndClosesTheReservation() {
        market.reserve(order, "APPLE", 3);

        assertThat(market.release(order).status()).isEqualTo(204);
        assertThat(market.release(order).status()).isEqualTo(204);
        assertStock("APPLE", 10, 0, 0);
        assertThat(market.reserve(order, "APPLE", 3).problem()).isEqualTo("reservation-closed");
        assertThat(market.confirm(order).problem()).isEqualTo("reservation-closed");
        assertStock("APPLE", 10, 0, 0);
    }

    @Test
    void aReleaseThatComesFirstClosesTheReservationForTheRequestThatComesLate() {
        assertThat(market.release(order).status()).isEqualTo(204);

        var late = market.reserve(order, "APPLE", 3);

        assertThat(late.status()).isEqualTo(409);
        assertThat(late.problem()).isEqualTo("reservation-closed");
        assertThat(late.<String>at("$.reservationStatus")).isEqualTo("RELEASED");
        assertThat(market.reservation(order).<Object>at("$.lines")).asString().isEqualTo("[]");
        assertStock("APPLE", 10, 0, 0);
    }

    @Test
    void anOrderThatGivesUpAfterItsGoodsWereSoldBringsThemBack() {
        market.reserve(order, "APPLE", 3);
        market.confirm(order);

        assertThat(market.release(order).status()).isEqualTo(204);
        assertThat(market.reservation(order).<String>at("$.status")).isEqualTo("RETURNED");
        assertStock("APPLE", 10, 0, 0);
    }

    @Test
    void aReturnPutsSoldGoodsBackOnce() {
        market.reserve(order, "APPLE", 3);
        assertThat(market.restock(order).problem()).isEqualTo("reservation-not-confirmed");
        market.confirm(order);

        assertThat(market.restock(order).<String>at("$.status")).isEqualTo("RETURNED");
        assertThat(market.restock(order).status()).isEqualTo(200);
        assertThat(market.release(order).status()).isEqualTo(204);
        assertThat(market.confirm(order).problem()).isEqualTo("reservation-closed");
        assertStock("APPLE", 10, 0, 0);
    }

    @Test
    void whatNeverWasReservedIsNotFound() {
        assertThat(market.confirm(order).problem()).isEqualTo("reservation-not-found");
        assertThat(market.restock(order).problem()).isEqualTo("reservation-not-found");
        assertThat(market.reservation(order).status()).isEqualTo(404);
    }

    @Test
    void goodsThatNobodyConfirmsGoBackWhenTheTimeIsOver() {
        var inTime = UUID.randomUUID();
        market.reserve(order, "APPLE", 3);
        market.reserve(inTime, "APPLE", 2);
        market.letExpire(order);

        assertThat(reserving.expireOverdue(100, Set.of())).isEqualTo(1);

        assertThat(market.reservation(order).<String>at("$.status")).isEqualTo("EXPIRED");
        assertThat(market.reservation(inTime).<String>at("$.status")).isEqualTo("HELD");
        assertStock("APPLE", 8, 2, 0);
        assertThat(market.reserve(order, "APPLE", 3).problem()).isEqualTo("reservation-closed");
    }

    @Test
    void aPaidOrderTakesItsGoodsAgainAfterItsReservationExpired() {
        market.reserve(order, "APPLE", 3, "PEAR", 1);
        market.letExpire(order);
        reserving.expireOverdue(100, Set.of());

        assertThat(market.confirm(order).<String>at("$.status")).isEqualTo("CONFIRMED");
        assertStock("APPLE", 7, 0, 3);
        assertStock("PEAR", 9, 0, 1);
    }

    @Test
    void aPaidOrderWhoseGoodsWereSoldToOthersMeanwhileIsToldSo() {
        market.reserve(order, "APPLE", 3, "PEAR", 1);
        market.letExpire(order);
        reserving.expireOverdue(100, Set.of());
        market.reserve(UUID.randomUUID(), "APPLE", 8);

        var reply = market.confirm(order);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.problem()).isEqualTo("reservation-expired");
        assertStock("APPLE", 2, 8, 0);
        assertStock("PEAR", 10, 0, 0);
        assertThat(market.release(order).status()).isEqualTo(204);
        assertThat(market.confirm(order).problem()).isEqualTo("reservation-closed");
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
    void badLinesAreRefusedAndHoldNothing(String body) {
        var reply = market.put(ORDERS, "/reservations/" + order, body);

        assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("invalid-request");
        assertThat(reply.<String>at("$.errors[0].field")).startsWith("lines");
        assertThat(market.reservation(order).status()).isEqualTo(404);
    }

    @Test
    void fiveHundredLinesAPriceAndAnIdThatIsNoneAreRefused() {
        var many = new Object[1000];
        for (var i = 0; i < 1000; i += 2) {
            many[i] = "SKU-" + i;
            many[i + 1] = 1;
        }
        assertThat(market.put(ORDERS, "/reservations/" + order, linesOf(many)).problem())
                .isEqualTo("invalid-request");
        var priced = "{\"lines\": [{\"sku\": \"APPLE\", \"quantity\": 1, \"price\": \"0.01\"}]}";
        assertThat(market.put(ORDERS, "/reservations/" + order, priced).problem())
                .isEqualTo("unexpected-field");
        assertThat(market.put(ORDERS, "/reservations/1", linesOf("APPLE", 1)).problem())
                .isEqualTo("invalid-request");
    }

    @Test
    void allReservationsAreListedPageByPage() {
        var orders = IntStream.range(0, 7).mapToObj(i -> UUID.randomUUID()).toList();
        orders.forEach(id -> market.reserve(id, "APPLE", 1, "PEAR", 1));
        market.release(UUID.randomUUID());

        var seen = new ArrayList<String>();
        String cursor = null;
        do {
            var page = market.getAs(
                    ORDERS, "/reservations?status=HELD&limit=3" + (cursor == null ? "" : "&cursor=" + cursor));
            assertThat(page.status()).isEqualTo(200);
            seen.addAll(page.<List<String>>at("$.items[*].orderId"));
            cursor = page.at("$.nextCursor");
        } while (cursor != null);

        assertThat(seen)
                .containsExactlyElementsOf(orders.stream().map(UUID::toString).toList());
        assertThat(market.getAs(ORDERS, "/reservations").<List<Object>>at("$.items"))
                .hasSize(8);
        assertThat(market.getAs(ORDERS, "/reservations?status=LOST").problem()).isEqualTo("invalid-request");
    }
}
