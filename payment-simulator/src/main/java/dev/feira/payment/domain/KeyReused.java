package dev.feira.payment.domain;

/** An {@code Idempotency-Key} came again with another content. */
public class KeyReused extends RuntimeException {

    public KeyReused() {
        super("This Idempotency-Key was used for another request. A new request needs a new key.");
    }
}
