package dev.feira.order.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount of money.
 *
 * @param amount with two decimals, e.g. {@code 3.20}; never negative
 * @param currency ISO 4217
 */
public record Money(BigDecimal amount, String currency) {

    /** The currency of all prices. */
    public static final String EUR = "EUR";

    public Money {
        // throws for more than two decimals: an amount is never rounded implicitly
        amount = amount.setScale(2, RoundingMode.UNNECESSARY);
        if (amount.signum() < 0) {
            throw new IllegalArgumentException("an amount must not be negative: " + amount);
        }
    }

    /** Returns an amount in euros. */
    public static Money euros(BigDecimal amount) {
        return new Money(amount, EUR);
    }

    /** Returns an amount in euros, e.g. {@code 3.20}. */
    public static Money euros(String amount) {
        return euros(new BigDecimal(amount));
    }

    Money plus(Money other) {
        return new Money(amount.add(sameCurrency(other).amount), currency);
    }

    Money minus(Money other) {
        return new Money(amount.subtract(sameCurrency(other).amount), currency);
    }

    Money times(int factor) {
        return new Money(amount.multiply(BigDecimal.valueOf(factor)), currency);
    }

    private Money sameCurrency(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException(currency + " and " + other.currency + " cannot be added");
        }
        return other;
    }

    @Override
    public String toString() {
        return amount.toPlainString() + " " + currency;
    }
}
