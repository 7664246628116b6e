package dev.feira.catalog.domain;

/**
 * The stock of a product as it is kept, beside what its sources say: the ledger of movements for what was received, the
 * reservations for what is reserved and sold.
 *
 * @param kept the stock that decides who can buy
 * @param counted the same from the sources; what is available has no other source and is the kept figure
 */
public record StockCount(Stock kept, Stock counted) {

    /** Returns whether both agree and nothing is missing. */
    public boolean isConsistent() {
        return kept.equals(counted) && counted.isBalanced();
    }
}
