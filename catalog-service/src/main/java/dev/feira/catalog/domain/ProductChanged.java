package dev.feira.catalog.domain;

/** The product is not what the author of the change had seen. */
public class ProductChanged extends RuntimeException {

    public ProductChanged(Sku sku) {
        super("The product " + sku + " is not in the state that this change was made for.");
    }
}
