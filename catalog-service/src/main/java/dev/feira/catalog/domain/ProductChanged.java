package dev.feira.catalog.domain;

/** Thrown when a change is based on another version of the product. */
public class ProductChanged extends RuntimeException {

    public ProductChanged(Sku sku) {
        super("The product " + sku + " has changed. Read it again and repeat the change.");
    }
}
