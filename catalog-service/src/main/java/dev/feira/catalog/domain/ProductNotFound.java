package dev.feira.catalog.domain;

/** There is no product with this SKU. */
public class ProductNotFound extends RuntimeException {

    public ProductNotFound(String sku) {
        super("There is no product " + sku + ".");
    }
}
