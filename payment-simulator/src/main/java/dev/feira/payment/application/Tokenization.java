package dev.feira.payment.application;

import dev.feira.payment.domain.CardNumber;
import dev.feira.payment.domain.CardToken;
import dev.feira.payment.domain.CardTokens;
import dev.feira.payment.domain.InvalidCard;
import dev.feira.payment.domain.TestCard;
import dev.feira.payment.domain.UnknownCard;
import java.time.Clock;
import java.time.YearMonth;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Creates tokens for cards. */
@Service
public class Tokenization {

    private final CardTokens tokens;
    private final Clock clock;

    Tokenization(CardTokens tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * Creates a token; the card number is not stored.
     *
     * @param expiry the last month in which the card is valid
     * @throws InvalidCard the card has expired
     * @throws UnknownCard the number is not one of a test card
     */
    @Transactional
    public CardToken tokenize(CardNumber number, YearMonth expiry) {
        var now = clock.instant();
        if (expiry.isBefore(YearMonth.now(clock))) {
            throw new InvalidCard("expiry", "must not be in the past");
        }
        var card = TestCard.withNumber(number).orElseThrow(UnknownCard::new);
        var token = CardToken.of(card, number, now);
        tokens.add(token);
        return token;
    }
}
