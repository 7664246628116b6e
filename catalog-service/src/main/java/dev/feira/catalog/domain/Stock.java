package dev.feira.catalog.domain;

/**
 * The stock of one product.
 *
 * @param received sum of deliveries, corrections and waste
 * @param available can be bought
 * @param reserved held for orders in progress
 * @param sold sold to confirmed orders, minus returns
 * @param reorderLevel the available quantity at which staff are told; 0: never
 */
public record Stock(Sku sku, long received, long available, long reserved, long sold, long reorderLevel) {

    /** The highest reorder level. */
    public static final int MAX_REORDER_LEVEL = 1_000_000;

    /** Returns whether received = available + reserved + sold and no quantity is negative. */
    public boolean isBalanced() {
        return available >= 0 && reserved >= 0 && sold >= 0 && received == available + reserved + sold;
    }

    /** Returns whether the available quantity is at the reorder level or below. */
    public boolean isLow() {
        return reorderLevel > 0 && available <= reorderLevel;
    }
}
