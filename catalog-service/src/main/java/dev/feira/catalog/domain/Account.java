package dev.feira.catalog.domain;

/** Where goods that were received can be. Together they are always what was received. */
public enum Account {
    /** On the shelf, can be bought. */
    AVAILABLE,
    /** Held for an order under way. */
    RESERVED,
    /** Gone with a confirmed order. */
    SOLD
}
