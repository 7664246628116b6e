package dev.feira.payment.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class CardNumberTests {

    @Test
    void ignoresSpacesAndHyphens() {
        assertThat(CardNumber.parse("4242 4242-4242 4242").digits()).isEqualTo("4242424242424242");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "4242", "4242424242424243", "42424242424242424242", "4242x42424242424", "４２４２424242424242"})
    void namesTheFieldOfAnInvalidNumber(String typed) {
        assertThatThrownBy(() -> CardNumber.parse(typed))
                .isInstanceOfSatisfying(
                        InvalidCard.class, e -> assertThat(e.field()).isEqualTo("cardNumber"));
    }

    @ParameterizedTest
    @FieldSource("dev.feira.payment.domain.TestCard#ALL")
    void hasValidNumberForEachTestCard(TestCard card) {
        assertThat(TestCard.withNumber(CardNumber.parse(card.number()))).contains(card);
    }

    @Test
    void hasCardForEachBehaviour() {
        assertThat(TestCard.ALL).extracting(TestCard::behaviour).contains(CardBehaviour.values());
    }

    @Test
    void printsOnlyTheLastFourDigits() {
        assertThat(CardNumber.parse("4000 0000 0000 0309")).hasToString("CardNumber[… 0309]");
    }
}
