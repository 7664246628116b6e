package dev.feira.payment.domain;

/** A charge names a token that was never handed out. */
public class UnknownToken extends RuntimeException {

    public UnknownToken() {
        super("No card has this token.");
    }
}
