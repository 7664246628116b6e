package dev.feira.catalog.domain;

import java.math.BigDecimal;

/**
 * A product; {@link Stock} has its quantities.
 *
 * @param sku its id, never changed
 * @param name its display name
 * @param description a sentence or two
 * @param category the slug of its {@link Category}
 * @param price for one unit, VAT included
 * @param vatRate the VAT rate, e.g. 0.06 or 0.055; 0.00 to 0.9999, with two to four decimals
 * @param unit the unit of price and quantity
 * @param picture the file name of its picture
 * @param status whether it is on sale
 */
public record Product(
        Sku sku,
        Text name,
        Text description,
        String category,
        Price price,
        BigDecimal vatRate,
        Unit unit,
        String picture,
        ProductStatus status) {

    /** Maximum number of digits of a VAT rate after the point; order-service stores as many. */
    public static final int VAT_RATE_DIGITS = 4;

    private static final int SHORTEST_SCALE = 2;

    public Product {
        vatRate = vatRate.stripTrailingZeros();
        vatRate = vatRate.setScale(Math.max(vatRate.scale(), SHORTEST_SCALE));
        if (vatRate.scale() > VAT_RATE_DIGITS || vatRate.signum() < 0 || vatRate.compareTo(BigDecimal.ONE) >= 0) {
            throw new IllegalArgumentException("a VAT rate must be at least 0 and less than 1, with up to "
                    + VAT_RATE_DIGITS + " digits after the point");
        }
    }
}
