package dev.feira.catalog.domain;

import java.util.List;

/** Some products do not exist. */
public class UnknownProducts extends RuntimeException {

    private final transient List<Sku> skus;

    public UnknownProducts(List<Sku> skus) {
        super("There are no such products.");
        this.skus = List.copyOf(skus);
    }

    public List<Sku> skus() {
        return skus;
    }
}
