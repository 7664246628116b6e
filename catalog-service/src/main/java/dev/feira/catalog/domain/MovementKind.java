package dev.feira.catalog.domain;

/** Reasons of stock movements other than orders. */
public enum MovementKind {
    /** A delivery. */
    RECEIVED,
    /** A correction after counting, in either direction. */
    CORRECTED,
    /** Spoiled, broken or lost goods. */
    WASTE;

    /**
     * Returns the change of the stock.
     *
     * @param quantity more than 0; for a correction also less than 0
     * @throws IllegalArgumentException the quantity does not match the kind
     */
    public long effect(long quantity) {
        if (quantity == 0) {
            throw new IllegalArgumentException("quantity must not be 0");
        }
        if (quantity < 0 && this != CORRECTED) {
            throw new IllegalArgumentException("quantity must be more than 0 unless it is a correction");
        }
        return this == WASTE ? -quantity : quantity;
    }
}
