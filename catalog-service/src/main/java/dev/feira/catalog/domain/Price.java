package dev.feira.catalog.domain;

import java.math.BigDecimal;

/**
 * The price of one unit, VAT included, in {@value #CURRENCY}.
 *
 * @param amount two decimals, 0.01 to 9999999.99
 */
public record Price(BigDecimal amount) {

    /** The only currency of the shop (ISO 4217). */
    public static final String CURRENCY = "EUR";

    private static final BigDecimal LIMIT = new BigDecimal("10000000");

    public Price {
        if (amount.scale() != 2) {
            throw new IllegalArgumentException("a price must have two decimals");
        }
        if (amount.signum() <= 0 || amount.compareTo(LIMIT) >= 0) {
            throw new IllegalArgumentException("a price must be more than 0.00 and less than " + LIMIT);
        }
    }

    /** Parses a price such as {@code 3.20}. */
    public static Price of(String amount) {
        return new Price(new BigDecimal(amount));
    }
}
