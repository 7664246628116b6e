package dev.feira.order.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * One product of an order, with the name and the price that the catalog gave when the order was placed.
 *
 * @param sku the product
 * @param name what it was called
 * @param unit what one of it is, e.g. {@code kg}
 * @param picture where its picture is, if it has one
 * @param quantity whole units, 1 to 999
 * @param unitPrice price of one unit, VAT included
 * @param vatRate the part of the net price that is added as VAT, e.g. {@code 0.06}
 */
public record OrderLine(
        String sku,
        LocalizedText name,
        String unit,
        @Nullable String picture,
        int quantity,
        Money unitPrice,
        BigDecimal vatRate) {

    public OrderLine {
        if (quantity < 1) {
            throw new IllegalArgumentException("a line has at least one unit: " + quantity);
        }
        if (vatRate.signum() < 0) {
            throw new IllegalArgumentException("a VAT rate is not negative: " + vatRate);
        }
    }

    /** Returns the price of the line, VAT included. */
    public Money total() {
        return unitPrice.times(quantity);
    }

    /**
     * Returns the line's price without VAT: total ÷ (1 + rate), rounded half up to a cent, once per line (Directive
     * 2006/112/EC leaves the method to the member states; per line is what an invoice shows).
     */
    public Money net() {
        return new Money(
                total().amount().divide(BigDecimal.ONE.add(vatRate), 2, RoundingMode.HALF_UP), unitPrice.currency());
    }

    /** Returns the VAT within the line's price, so that net and VAT always add up to the total. */
    public Money vat() {
        return total().minus(net());
    }
}
