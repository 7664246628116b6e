package dev.feira.catalog.web;

import dev.feira.catalog.domain.Price;

/** A price in another currency than the shop's. */
class UnsupportedCurrency extends RuntimeException {

    UnsupportedCurrency() {
        super("Prices are in " + Price.CURRENCY + ".");
    }
}
