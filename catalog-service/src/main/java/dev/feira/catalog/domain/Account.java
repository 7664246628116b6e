package dev.feira.catalog.domain;

/** Accounts of the stock; their sum equals the received quantity. */
public enum Account {
    /** Can be bought. */
    AVAILABLE,
    /** Held for an order in progress. */
    RESERVED,
    /** Sold to a confirmed order. */
    SOLD
}
