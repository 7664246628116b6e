package dev.feira.catalog.domain;

/** Counts how many units of each product were sold. */
public interface Sales {

    /** Adds the units of an order; products that do not exist are left out. */
    void add(Lines sold);

    /** Takes the units of an order off again. */
    void remove(Lines returned);

    /** Returns how many units the stock counts as sold, but the sales do not, or the other way round. */
    long uncounted();
}
