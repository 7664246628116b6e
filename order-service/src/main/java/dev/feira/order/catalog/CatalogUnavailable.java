package dev.feira.order.catalog;

/** The catalog gave no usable response; this says nothing about a product. */
public final class CatalogUnavailable extends RuntimeException {

    CatalogUnavailable(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
