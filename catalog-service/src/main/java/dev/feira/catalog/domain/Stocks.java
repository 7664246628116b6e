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
     * @return the change, or nothing if the product does not exist or stock is short
     */
    Optional<StockChange> add(Sku sku, long change);

    /**
     * Moves all lines from one account to another, or none, by one conditional statement in the order of the SKUs.
     *
     * @return the change of each line, or nothing if no line was moved
     */
    Optional<List<StockChange>> move(Lines lines, Transfer transfer);

    /**
     * Sets the reorder level of a product.
     *
     * @param level 0 to {@value Stock#MAX_REORDER_LEVEL}; 0: none
     * @return the change, or nothing if the product does not exist
     */
    Optional<StockChange> setReorderLevel(Sku sku, long level);

    /**
     * Computes the stock from the ledger and the reservations in one snapshot.
     *
     * @return one count per product
     */
    List<StockCount> count();
}
