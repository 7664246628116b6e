package dev.feira.acceptance;

/** The simulator's cards, by what they do; see payment-simulator/README.md. */
public enum Card {
    APPROVED("4242 4242 4242 4242"),
    MASTERCARD("5555 5555 5555 4444"),
    DECLINED("4000 0000 0000 0002"),
    ANSWERED_LATE("4000 0000 0000 0309"),
    FAILING_TWICE("4000 0000 0000 5001"),
    CONNECTION_CUT("4000 0000 0000 0994"),
    APPROVED_LATER("4000 0000 0000 0101"),
    TOLD_TWICE("4000 0000 0000 0200"),
    DECLINED_LATER("4000 0000 0000 0440");

    private final String number;

    Card(String number) {
        this.number = number;
    }

    public String number() {
        return number;
    }

    /** A token for this card, as a browser gets it from the payment company. */
    public String token() {
        return Http.post("/payment-simulator/tokens", """
                        {"cardNumber": "%s", "expiry": "12/40", "cvc": "123"}""".formatted(number))
                .expect(201)
                .at("/token");
    }
}
