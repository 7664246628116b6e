package dev.feira.catalog.domain;

/** Thrown when no product has this SKU. */
public class ProductNotFound extends RuntimeException {

    public ProductNotFound(String sku) {
        super("There is no product " + sku + ".");
    }
}
