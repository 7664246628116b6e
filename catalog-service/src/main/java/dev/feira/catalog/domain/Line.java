package dev.feira.catalog.domain;

/**
 * A quantity of one product.
 *
 * @param quantity in the product's unit, more than 0
 */
public record Line(Sku sku, long quantity) {

    public Line {
        if (quantity <= 0) {
            throw new IllegalArgumentException("quantity must be at least 1");
        }
    }
}
