package dev.feira.catalog.domain;

/** Thrown when the request key belongs to another movement. */
public final class RequestKeyReused extends RuntimeException {

    public RequestKeyReused() {
        super("This Idempotency-Key was used for another movement of this product. Send a new key.");
    }
}
