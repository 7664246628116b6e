package dev.feira.catalog.domain;

/** The order of a list of products; ties are broken by SKU. */
public enum ProductOrder {
    /** Best match first; where nothing was searched for, by name. */
    RELEVANCE,
    /** By name in one language, accents and case ignored. */
    NAME,
    /** Cheapest first. */
    PRICE,
    /** Dearest first. */
    PRICE_DESCENDING,
    /** Last added first. */
    NEWEST
}
