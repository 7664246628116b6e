package dev.feira.order.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * One product of an order, with its name and price at the time of placement.
 *
 * @param sku the product
 * @param name its name
 * @param unit the unit of sale, e.g. {@code kg}
 * @param picture the address of its picture, if any
 * @param quantity whole units, 1 to 999
 * @param unitPrice price of one unit, VAT included
 * @param vatRate VAT as a fraction of the net price, e.g. {@code 0.06} or {@code 0.055}
 */
public record OrderLine(
        String sku,
        LocalizedText name,
        String unit,
        @Nullable String picture,
        int quantity,
        Money unitPrice,
        BigDecimal vatRate) {

    private static final int VAT_RATE_DIGITS = 4;

    public OrderLine {
        if (quantity < 1) {
            throw new IllegalArgumentException("quantity must be at least 1: " + quantity);
        }
        if (!isVatRate(vatRate)) {
            throw new IllegalArgumentException(
                    "VAT rate must be at least 0 and less than 10, with up to 4 digits after the point: " + vatRate);
        }
    }

    /** Returns whether the rate can be stored exactly, as {@code numeric(5, 4)}. */
    public static boolean isVatRate(BigDecimal rate) {
        return rate.signum() >= 0
                && rate.compareTo(BigDecimal.TEN) < 0
                && rate.stripTrailingZeros().scale() <= VAT_RATE_DIGITS;
    }

    /** Returns the price of the line, VAT included. */
    public Money total() {
        return unitPrice.times(quantity);
    }

    /**
     * Returns the line's price without VAT: total ÷ (1 + rate), rounded half up to a cent once per line, as an invoice shows
     * it. Directive 2006/112/EC leaves the method to the member states.
     */
    public Money net() {
        return new Money(
                total().amount().divide(BigDecimal.ONE.add(vatRate), 2, RoundingMode.HALF_UP), unitPrice.currency());
    }

    /** Returns the VAT of the line: total minus net. */
    public Money vat() {
        return total().minus(net());
    }
}
