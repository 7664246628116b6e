package dev.feira.catalog.domain;

import java.util.List;

/** Some products are not sold any more. */
public class ArchivedProducts extends RuntimeException {

    private final transient List<Sku> skus;

    public ArchivedProducts(List<Sku> skus) {
        super("Some products are not sold any more.");
        this.skus = List.copyOf(skus);
    }

    public List<Sku> skus() {
        return skus;
    }
}
