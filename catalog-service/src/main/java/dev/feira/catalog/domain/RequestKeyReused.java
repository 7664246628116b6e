package dev.feira.catalog.domain;

/** Another movement was recorded under this request key. */
public final class RequestKeyReused extends RuntimeException {

    public RequestKeyReused() {
        super("This Idempotency-Key was used for another movement of this product.");
    }
}
