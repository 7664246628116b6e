package dev.feira.catalog.domain;

/**
 * The stored stock of a product, and the stock computed from the ledger and the reservations.
 *
 * @param stored the stock that sales use
 * @param counted the computed stock; {@code available} has no other source and is the stored quantity
 */
public record StockCount(Stock stored, Stock counted) {

    /** Returns whether both are equal and balanced. */
    public boolean isConsistent() {
        return stored.equals(counted) && counted.isBalanced();
    }
}
