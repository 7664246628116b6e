package dev.feira.payment.domain;

/** Thrown when no card has the token. */
public class UnknownToken extends RuntimeException {

    public UnknownToken() {
        super("No card has this token.");
    }
}
