package dev.feira.payment.domain;

/** Thrown when an {@code Idempotency-Key} is sent again with another content. */
public class IdempotencyKeyReused extends RuntimeException {

    public IdempotencyKeyReused() {
        super("This Idempotency-Key was used for another request. Send a new key.");
    }
}
