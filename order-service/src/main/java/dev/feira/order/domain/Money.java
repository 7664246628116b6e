package dev.feira.order.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount of money.
 *
 * @param amount with two decimals, e.g. {@code 3.20}; never negative
 * @param currency ISO 4217; Feira sells in EUR
 */
public record Money(BigDecimal amount, String currency) {

    /** The currency that Feira sells in. */
    public static final String EUR = "EUR";

    public Money {
        // throws where there are more than two decimals: an amount is never rounded by accident
        amount = amount.setScale(2, RoundingMode.UNNECESSARY);
        if (amount.signum() < 0) {
            throw new IllegalArgumentException("an amount of money is not negative: " + amount);
        }
    }

    /** Returns that many euros. */
    public static Money euros(BigDecimal amount) {
        return new Money(amount, EUR);
    }

    /** Returns that many euros, written like {@code 3.20}. */
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
            throw new IllegalArgumentException(currency + " and " + other.currency + " do not add up");
        }
        return other;
    }

    @Override
    public String toString() {
        return amount.toPlainString() + " " + currency;
    }
}
