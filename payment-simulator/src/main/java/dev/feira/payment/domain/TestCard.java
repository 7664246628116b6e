package dev.feira.payment.domain;

import static dev.feira.payment.domain.CardBehaviour.*;

import java.util.List;
import java.util.Optional;

/**
 * A test card. Other numbers are rejected, so that no real card is accepted.
 *
 * @param number the digits, without spaces; passes the Luhn check
 * @param brand as printed on the card, e.g. {@code Visa}
 * @param behaviour the effect of a charge
 */
public record TestCard(String number, String brand, CardBehaviour behaviour) {

    /** All cards, in the order of the documentation. */
    public static final List<TestCard> ALL = List.of(
            new TestCard("4242424242424242", "Visa", APPROVE),
            new TestCard("5555555555554444", "Mastercard", APPROVE),
            new TestCard("4000000000000002", "Visa", DECLINE),
            new TestCard("4000000000000309", "Visa", ANSWER_LATE),
            new TestCard("4000000000005001", "Visa", FAIL_TWICE),
            new TestCard("4000000000000994", "Visa", CUT_CONNECTION),
            new TestCard("4000000000000101", "Visa", APPROVE_LATER),
            new TestCard("4000000000000200", "Visa", APPROVE_AND_TELL_TWICE),
            new TestCard("4000000000000440", "Visa", DECLINE_LATER));

    /** Returns the test card with this number, if it exists. */
    public static Optional<TestCard> withNumber(CardNumber number) {
        return ALL.stream().filter(card -> card.number.equals(number.digits())).findFirst();
    }
}
