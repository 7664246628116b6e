package dev.feira.catalog.domain;

import java.util.List;

/** Thrown when stock is short; no line is reserved. */
public class OutOfStock extends RuntimeException {

    /** The shortage of one product. */
    public record Shortage(Sku sku, long requested, long available) {}

    private final transient List<Shortage> shortages;

    public OutOfStock(List<Shortage> shortages) {
        super("Stock is short. Reduce the quantities.");
        this.shortages = List.copyOf(shortages);
    }

    /** Returns the products with too little stock; it may have changed since. */
    public List<Shortage> shortages() {
        return shortages;
    }
}
