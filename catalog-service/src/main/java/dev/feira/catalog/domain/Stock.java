package dev.feira.catalog.domain;

/**
 * The goods of one product.
 *
 * @param received deliveries, corrections and waste, summed
 * @param available on the shelf, can be bought
 * @param reserved held for orders under way
 * @param sold gone with confirmed orders, returns taken off
 */
public record Stock(Sku sku, long received, long available, long reserved, long sold) {

    /** Returns whether nothing is missing, nothing is too much and nothing is negative. */
    public boolean isBalanced() {
        return available >= 0 && reserved >= 0 && sold >= 0 && received == available + reserved + sold;
    }
}
