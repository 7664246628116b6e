package dev.feira.catalog.domain;

/**
 * A change of the stock of one product.
 *
 * @param stock the stock after the change
 * @param becameLow whether the change crossed the reorder level: no event has told of it yet
 */
public record StockChange(Stock stock, boolean becameLow) {}
