package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every test card of the payment simulator leads an order to its documented final status. */
@AcceptanceTest
class CardTests {

    /** The slowest card responds 30 s after the charge. */
    private static final Duration TIMEOUT = Duration.ofSeconds(75);

    private static final Map<Card, String> orders = new EnumMap<>(Card.class);
    private static TestUser customer;
    private static String sku;

    @BeforeAll
    static void orderWithEveryCard() {
        customer = TestUser.registered();
        sku = Products.createWithStock(50);
        for (var card : Card.values()) {
            var placed = customer.placeOrder(Orders.newIdempotencyKey(), Orders.request(sku, 1, card.token()), 0)
                    .expect(201);
            orders.put(card, placed.at("/id"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"DECLINED", "DECLINED_LATER"})
    void confirmsOrderPaidByAnApprovedCard(Card card) {
        var order = customer.awaitFinalStatus(orders.get(card), TIMEOUT);

        assertThat(order.at("/status")).as(order::text).isEqualTo("CONFIRMED");
        assertThat(order.at("/payment/status")).isEqualTo("PAID");
        assertThat(order.at("/payment/last4"))
                .isEqualTo(card.number().substring(card.number().length() - 4));
    }

    @ParameterizedTest
    @EnumSource(names = {"DECLINED", "DECLINED_LATER"})
    void rejectsOrderPaidByADeclinedCard(Card card) {
        var order = customer.awaitFinalStatus(orders.get(card), TIMEOUT);

        assertThat(order.at("/status")).as(order::text).isEqualTo("REJECTED");
        assertThat(order.at("/rejection/reason")).isEqualTo("PAYMENT_DECLINED");
        assertThat(order.at("/payment/status")).isEqualTo("DECLINED");
    }

    @Test
    void restocksProductsOfRejectedOrders() {
        for (var id : orders.values()) {
            customer.awaitFinalStatus(id, TIMEOUT);
        }
        var paid = Card.values().length - 2;

        await().atMost(TestPlatform.COMPLETION_DEADLINE)
                .untilAsserted(() -> assertThat(Products.available(sku)).isEqualTo(50 - paid));
    }

    @Test
    void listsEveryCardForBuyers() {
        assertThat(Http.get("/payment-simulator/cards").expect(200).items("/number"))
                .containsExactlyInAnyOrder(
                        Arrays.stream(Card.values()).map(Card::number).toArray(String[]::new));
    }
}
