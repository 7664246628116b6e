package dev.feira.catalog.domain;

import java.util.List;

/** There is not enough of some products; nothing was taken of any. */
public class OutOfStock extends RuntimeException {

    /** What is missing of one product. */
    public record Shortage(Sku sku, long requested, long available) {}

    private final transient List<Shortage> shortages;

    public OutOfStock(List<Shortage> shortages) {
        super("There is not enough in stock.");
        this.shortages = List.copyOf(shortages);
    }

    /** Returns the products of which there was too little; their stock may have changed since. */
    public List<Shortage> shortages() {
        return shortages;
    }
}
