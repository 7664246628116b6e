package dev.feira.catalog.domain;

import java.util.List;

/** Thrown when some products do not exist. */
public class UnknownProducts extends RuntimeException {

    private final transient List<Sku> skus;

    public UnknownProducts(List<Sku> skus) {
        super("Some products do not exist. Remove them.");
        this.skus = List.copyOf(skus);
    }

    public List<Sku> skus() {
        return skus;
    }
}
