package dev.feira.order.catalog;

/** The catalog gave no answer, or one that cannot be used. Never a statement about a product. */
public final class CatalogUnavailable extends RuntimeException {

    CatalogUnavailable(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
