package dev.feira.payment.domain;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * Replaces a card number, which the shop never receives.
 *
 * @param token {@code tok_} and 24 random characters (144 bits)
 * @param behaviour the effect of a charge
 * @param brand e.g. {@code Visa}
 * @param last4 the last four digits of the card's number
 * @param createdAt when the token was created
 */
@Table("card_token")
public record CardToken(@Id String token, CardBehaviour behaviour, String brand, String last4, Instant createdAt) {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Creates a token for the card. */
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
