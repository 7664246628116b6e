package dev.feira.catalog.web;

import dev.feira.catalog.domain.Price;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * An amount of money.
 *
 * @param amount two decimals, e.g. {@code 3.20}
 * @param currency ISO 4217, always EUR
 */
record Money(
        @Schema(example = "3.20") String amount,
        @Schema(example = "EUR") String currency) {

    static Money of(Price price) {
        return new Money(price.amount().toPlainString(), Price.CURRENCY);
    }
}
