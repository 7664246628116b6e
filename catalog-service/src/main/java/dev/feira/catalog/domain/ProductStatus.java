package dev.feira.catalog.domain;

/** The status of a product. */
public enum ProductStatus {
    /** Found by the search and on sale. */
    ACTIVE,
    /** No longer on sale; kept for existing orders. */
    ARCHIVED
}
