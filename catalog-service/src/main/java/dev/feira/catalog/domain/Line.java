package dev.feira.catalog.domain;

/**
 * Some of one product.
 *
 * @param quantity in the product's unit, more than 0
 */
public record Line(Sku sku, long quantity) {

    public Line {
        if (quantity <= 0) {
            throw new IllegalArgumentException("a line has at least one");
        }
    }
}
