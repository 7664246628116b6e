package dev.feira.catalog.domain;

import java.util.List;
import java.util.Optional;

/** Stores the stock of each product. */
public interface Stocks {

    /** Returns the stock of a product, if the product exists. */
    Optional<Stock> find(Sku sku);

    /** Returns the stock of the products that exist. */
    List<Stock> findAll(List<Sku> skus);

    /**
     * Changes the available stock unless it would become negative.
     *
     * @param change more or less than 0
     * @return the new stock, or nothing if the product does not exist or stock is short
     */
    Optional<Stock> add(Sku sku, long change);

    /**
     * Moves all lines from one account to another, or none, by one conditional statement in the order of the SKUs.
     *
     * @return whether all lines were moved
     */
    boolean move(Lines lines, Transfer transfer);

    /**
     * Computes the stock from the ledger and the reservations in one snapshot.
     *
     * @return one count per product
     */
    List<StockCount> count();
}
