package dev.feira.catalog.domain;

/** Why goods come or go, other than by an order. */
public enum MovementKind {
    /** A delivery. */
    RECEIVED,
    /** The shelf was counted and the books were wrong, in either direction. */
    CORRECTED,
    /** Spoilt, broken or lost. */
    WASTE;

    /**
     * What it does to the stock.
     *
     * @param quantity as recorded: more than 0, for a correction also less than 0
     * @throws IllegalArgumentException where the quantity does not fit the kind
     */
    public long effect(long quantity) {
        if (quantity == 0) {
            throw new IllegalArgumentException("a movement moves at least one");
        }
        if (quantity < 0 && this != CORRECTED) {
            throw new IllegalArgumentException("only a correction may be negative");
        }
        return this == WASTE ? -quantity : quantity;
    }
}
