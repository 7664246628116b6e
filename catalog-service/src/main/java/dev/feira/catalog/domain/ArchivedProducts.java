package dev.feira.catalog.domain;

import java.util.List;

/** Thrown when a reservation contains archived products. */
public class ArchivedProducts extends RuntimeException {

    private final transient List<Sku> skus;

    public ArchivedProducts(List<Sku> skus) {
        super("Some products are no longer sold. Remove them from the order.");
        this.skus = List.copyOf(skus);
    }

    public List<Sku> skus() {
        return skus;
    }
}
