package dev.feira.catalog.web;

import dev.feira.catalog.domain.Price;

/** Thrown for a price in another currency. */
class UnsupportedCurrency extends RuntimeException {

    UnsupportedCurrency() {
        super("The currency must be " + Price.CURRENCY + ".");
    }
}
