package dev.feira.payment.domain;

/** Thrown for an invalid card number or a past expiry date. */
public class InvalidCard extends RuntimeException {

    private final String field;

    public InvalidCard(String field, String message) {
        super(message);
        this.field = field;
    }

    /** Returns the invalid field of the request, e.g. {@code cardNumber}. */
    public String field() {
        return field;
    }
}
