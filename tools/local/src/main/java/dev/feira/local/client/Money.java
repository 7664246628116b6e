package dev.feira.local.client;

import java.math.BigDecimal;

/**
 * An amount with VAT.
 *
 * @param amount with two decimals, e.g. {@code "3.20"}
 * @param currency ISO 4217, here always {@code EUR}
 */
public record Money(String amount, String currency) {

    /** Returns the amount for sums and comparisons. */
    public BigDecimal value() {
        return new BigDecimal(amount);
    }

    @Override
    public String toString() {
        return amount + " " + currency;
    }
}
