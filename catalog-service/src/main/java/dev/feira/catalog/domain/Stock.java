package dev.feira.catalog.domain;

/**
 * The stock of one product.
 *
 * @param received sum of deliveries, corrections and waste
 * @param available can be bought
 * @param reserved held for orders in progress
 * @param sold sold to confirmed orders, minus returns
 */
public record Stock(Sku sku, long received, long available, long reserved, long sold) {

    /** Returns whether received = available + reserved + sold and no quantity is negative. */
    public boolean isBalanced() {
        return available >= 0 && reserved >= 0 && sold >= 0 && received == available + reserved + sold;
    }
}
