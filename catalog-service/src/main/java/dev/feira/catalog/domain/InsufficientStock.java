package dev.feira.catalog.domain;

/** Thrown when a movement exceeds the available stock. */
public class InsufficientStock extends RuntimeException {

    private final long available;

    public InsufficientStock(Sku sku, long available) {
        super("Only " + available + " of " + sku + " are available. Reduce the quantity.");
        this.available = available;
    }

    public long available() {
        return available;
    }
}
