package dev.feira.payment.domain;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * Stands for a card, so that the shop never sees the card's number.
 *
 * @param token {@code tok_} and 24 characters that cannot be guessed (144 bits)
 * @param behaviour what happens when the card is charged
 * @param brand e.g. {@code Visa}
 * @param last4 the last four digits of the card's number
 * @param createdAt when the card was typed in
 */
@Table("card_token")
public record CardToken(@Id String token, CardBehaviour behaviour, String brand, String last4, Instant createdAt) {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new token for this card. */
    public static CardToken of(TestCard card, CardNumber number, Instant now) {
        var bytes = new byte[18];
        RANDOM.nextBytes(bytes);
        return new CardToken(
                "tok_" + Base64.getUrlEncoder().encodeToString(bytes),
                card.behaviour(),
                card.brand(),
                number.last4(),
                now);
    }
}
