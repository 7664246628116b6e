package dev.feira.payment.domain;

/** Thrown for a valid number that is not one of a test card. */
public class UnknownCard extends RuntimeException {

    public UnknownCard() {
        super("Only test cards are accepted; GET /cards lists them. Do not enter a real card.");
    }
}
