package dev.feira.payment.domain;

/** What was typed is no card: a wrong number, a past date. */
public class InvalidCard extends RuntimeException {

    private final String field;

    public InvalidCard(String field, String message) {
        super(message);
        this.field = field;
    }

    /** The field of the request that is wrong, e.g. {@code cardNumber}. */
    public String field() {
        return field;
    }
}
