package dev.feira.payment.domain;

/** A correct card number, but none of the test cards. */
public class UnknownCard extends RuntimeException {

    public UnknownCard() {
        super("This payment company takes its test cards only; GET /cards lists them. Dropped type in a real card.");
    }
}
