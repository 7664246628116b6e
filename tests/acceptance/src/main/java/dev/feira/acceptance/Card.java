package dev.feira.acceptance;

/** The simulator's test cards, by their effect; see payment-simulator/README.md. */
public enum Card {
    APPROVED("4242 4242 4242 4242"),
    MASTERCARD("5555 5555 5555 4444"),
    DECLINED("4000 0000 0000 0002"),
    RESPONDS_LATE("4000 0000 0000 0309"),
    FAILS_TWICE("4000 0000 0000 5001"),
    CONNECTION_CLOSED("4000 0000 0000 0994"),
    APPROVED_LATER("4000 0000 0000 0101"),
    NOTIFIED_TWICE("4000 0000 0000 0200"),
    DECLINED_LATER("4000 0000 0000 0440");

    private final String number;

    Card(String number) {
        this.number = number;
    }

    String number() {
        return number;
    }

    /** Requests a token for this card from the payment simulator, as a browser does. */
    public String token() {
        return Http.post("/payment-simulator/tokens", """
                        {"cardNumber": "%s", "expiry": "12/40", "cvc": "123"}""".formatted(number))
                .expect(201)
                .json()
                .at("/token")
                .asString();
    }
}
