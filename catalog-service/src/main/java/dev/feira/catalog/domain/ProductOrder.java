package dev.feira.catalog.domain;

/** The order of a list of products; the SKU breaks ties. */
public enum ProductOrder {
    /** Best match first; by name if there is no search text. */
    RELEVANCE,
    /** By name in one language, accents and case ignored. */
    NAME,
    /** Cheapest first. */
    PRICE,
    /** Most expensive first. */
    PRICE_DESCENDING,
    /** Newest first. */
    NEWEST,
    /** Most sold first. */
    POPULAR
}
