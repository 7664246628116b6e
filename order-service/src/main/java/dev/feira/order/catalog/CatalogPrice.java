package dev.feira.order.catalog;

import dev.feira.order.domain.LocalizedText;
import dev.feira.order.domain.Money;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The current price of a product.
 *
 * @param sku case-sensitive
 * @param name its name
 * @param unit the unit of sale, e.g. {@code kg}
 * @param picture the address of its picture, if any
 * @param price of one unit, VAT included
 * @param vatRate VAT as a fraction of the net price, e.g. {@code 0.06}
 * @param archived whether it is no longer sold
 * @param available units in stock that are not reserved
 */
public record CatalogPrice(
        String sku,
        LocalizedText name,
        String unit,
        @Nullable String picture,
        Money price,
        BigDecimal vatRate,
        boolean archived,
        long available) {}
