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
 * @param vatRate the VAT rate, e.g. 0.06; two decimals, 0.00 to 0.99
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

    public Product {
        if (vatRate.scale() != 2 || vatRate.signum() < 0 || vatRate.compareTo(BigDecimal.ONE) >= 0) {
            throw new IllegalArgumentException(
                    "a VAT rate must have two decimals and be at least 0.00 and less than 1");
        }
    }
}
