package dev.feira.payment.domain;

/** An {@code Idempotency-Key} came again with another content. */
public class IdempotencyKeyReused extends RuntimeException {

    public IdempotencyKeyReused() {
        super("This Idempotency-Key was used for another request. A new request needs a new key.");
    }
}
