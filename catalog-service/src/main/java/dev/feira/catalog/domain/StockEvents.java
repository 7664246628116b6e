package dev.feira.catalog.domain;

import java.time.Instant;

/** Tells other services what happened to the stock. */
public interface StockEvents {

    /**
     * Stores in the caller's transaction that a product has fallen to its reorder level or below.
     *
     * @param stock the stock after the change
     * @throws IllegalStateException there is no transaction
     */
    void becameLow(Product product, Stock stock, Instant at);
}
