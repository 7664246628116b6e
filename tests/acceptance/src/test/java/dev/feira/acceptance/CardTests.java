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

/** Every card of the payment company leads an order to its right end, however the company behaves on the way. */
@AcceptanceTest
class CardTests {

    /** The slowest card answers 30 s after the charge. */
    private static final Duration PATIENCE = Duration.ofSeconds(75);

    private static final Map<Card, String> orders = new EnumMap<>(Card.class);
    private static Person customer;
    private static String sku;

    @BeforeAll
    static void orderWithEveryCard() {
        customer = Person.registered();
        sku = Market.productWithStock(50);
        for (var card : Card.values()) {
            var placed = customer.order(Market.newKey(), Market.order(sku, 1, card.token()), 0)
                    .expect(201);
            orders.put(card, placed.at("/id"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"DECLINED", "DECLINED_LATER"})
    void aGoodCardPaysTheOrder(Card card) {
        var order = customer.endOf(orders.get(card), PATIENCE);

        assertThat(order.at("/status")).as(order::text).isEqualTo("CONFIRMED");
        assertThat(order.at("/payment/status")).isEqualTo("PAID");
        assertThat(order.at("/payment/last4"))
                .isEqualTo(card.number().substring(card.number().length() - 4));
    }

    @ParameterizedTest
    @EnumSource(names = {"DECLINED", "DECLINED_LATER"})
    void aDeclinedCardRejectsTheOrder(Card card) {
        var order = customer.endOf(orders.get(card), PATIENCE);

        assertThat(order.at("/status")).as(order::text).isEqualTo("REJECTED");
        assertThat(order.at("/rejection/reason")).isEqualTo("PAYMENT_DECLINED");
        assertThat(order.at("/payment/status")).isEqualTo("DECLINED");
    }

    @Test
    void whatWasDeclinedIsBackOnTheShelf() {
        for (var id : orders.values()) {
            customer.endOf(id, PATIENCE);
        }
        var paid = Card.values().length - 2;

        await().atMost(Feira.ENDING)
                .untilAsserted(() -> assertThat(Market.available(sku)).isEqualTo(50 - paid));
    }

    @Test
    void everyCardIsDocumentedForBuyers() {
        assertThat(Http.get("/payment-simulator/cards").expect(200).items("/number"))
                .containsExactlyInAnyOrder(
                        Arrays.stream(Card.values()).map(Card::number).toArray(String[]::new));
    }
}
