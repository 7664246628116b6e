package dev.feira.catalog.domain;

/** More was to be taken off the shelf than is there. */
public class InsufficientStock extends RuntimeException {

    private final long available;

    public InsufficientStock(Sku sku, long available) {
        super("Only " + available + " of " + sku + " can be taken off.");
        this.available = available;
    }

    public long available() {
        return available;
    }
}
