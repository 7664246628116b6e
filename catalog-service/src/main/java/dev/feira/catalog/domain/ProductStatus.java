package dev.feira.catalog.domain;

/** Whether a product is on sale. */
public enum ProductStatus {
    /** Found by the search and sold. */
    ACTIVE,
    /** Not sold any more; kept for those who ordered it. */
    ARCHIVED
}
