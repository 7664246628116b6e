package dev.feira.payment.web;

import dev.feira.payment.application.Tokenization;
import dev.feira.payment.config.PaymentProperties;
import dev.feira.payment.domain.CardBehaviour;
import dev.feira.payment.domain.CardNumber;
import dev.feira.payment.domain.CardToken;
import dev.feira.payment.domain.TestCard;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.YearMonth;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Lists the test cards and creates tokens; called by browsers without an API key. */
@RestController
class CardController {

    private static final int CENTURY = 2000;

    private final Tokenization tokenization;
    private final PaymentProperties settings;

    CardController(Tokenization tokenization, PaymentProperties settings) {
        this.tokenization = tokenization;
        this.settings = settings;
    }

    record TokenRequest(
            @NotBlank @Size(max = 40) String cardNumber,

            @NotBlank @Pattern(regexp = "(0[1-9]|1[0-2])/\\d{2}", message = "must be a month and a year, e.g. 12/30")
            String expiry,

            @NotBlank @Pattern(regexp = "\\d{3,4}", message = "must be 3 or 4 digits") String cvc) {

        YearMonth expiryMonth() {
            return YearMonth.of(
                    CENTURY + Integer.parseInt(expiry.substring(3)), Integer.parseInt(expiry.substring(0, 2)));
        }

        /** Omits the card, because logs may contain this text. */
        @Override
        public String toString() {
            return "TokenRequest[]";
        }
    }

    record TokenResponse(String token, String brand, String last4) {

        static TokenResponse of(CardToken token) {
            return new TokenResponse(token.token(), token.brand(), token.last4());
        }
    }

    @PostMapping("/tokens")
    @ResponseStatus(HttpStatus.CREATED)
    TokenResponse tokenize(@Valid @RequestBody TokenRequest request) {
        return TokenResponse.of(tokenization.tokenize(CardNumber.parse(request.cardNumber()), request.expiryMonth()));
    }

    record CardResponse(String number, String brand, CardBehaviour behaviour, String description) {}

    @GetMapping("/cards")
    Page<CardResponse> cards() {
        return Page.complete(TestCard.ALL.stream()
                .map(card -> new CardResponse(
                        card.number().replaceAll("(.{4})(?!$)", "$1 "),
                        card.brand(),
                        card.behaviour(),
                        describe(card.behaviour())))
                .toList());
    }

    private String describe(CardBehaviour behaviour) {
        return switch (behaviour) {
            case APPROVE -> "Approved immediately";
            case DECLINE -> "Declined immediately";
            case ANSWER_LATE -> "Approved; the response takes " + seconds(settings.lateResponse());
            case FAIL_TWICE -> "Fails with 500 twice, then approved";
            case CUT_CONNECTION -> "Approved; the connection is closed without a response";
            case APPROVE_LATER -> "Pending; approved by webhook " + seconds(settings.settlement()) + " later";
            case APPROVE_AND_TELL_TWICE -> "Pending; approved by a webhook that is sent twice";
            case DECLINE_LATER -> "Pending; declined by webhook " + seconds(settings.settlement()) + " later";
        };
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
