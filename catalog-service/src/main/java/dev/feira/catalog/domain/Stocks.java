package dev.feira.catalog.domain;

import java.util.List;
import java.util.Optional;

/** How many there are of each product. */
public interface Stocks {

    /** Returns the stock of a product, or nothing where there is no such product. */
    Optional<Stock> find(Sku sku);

    /** Returns the stock of those products that exist. */
    List<Stock> findAll(List<Sku> skus);

    /**
     * Adds to what is available, or takes off, if that leaves at least none.
     *
     * @param change more or less than 0
     * @return the stock afterwards, or nothing where there is no such product or too little of it
     */
    Optional<Stock> add(Sku sku, long change);

    /**
     * Moves all the lines from one account to another, or none: one conditional statement, in the order of the SKUs.
     *
     * @return whether all of them were moved; where not, nothing has changed
     */
    boolean move(Lines lines, Transfer transfer);

    /**
     * Counts the stock again, from the ledger of movements and from the reservations, all at one moment.
     *
     * @return one count for each product
     */
    List<StockCount> count();
}
