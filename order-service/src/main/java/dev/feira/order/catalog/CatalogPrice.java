package dev.feira.order.catalog;

import dev.feira.order.domain.LocalizedText;
import dev.feira.order.domain.Money;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A product as it is sold now.
 *
 * @param sku as printed on the shelf label; case matters
 * @param name what it is called
 * @param unit what one of it is, e.g. {@code kg}
 * @param picture where its picture is, if it has one
 * @param price of one unit, VAT included
 * @param vatRate the part of the net price that is added as VAT, e.g. {@code 0.06}
 * @param archived it is not sold any more
 * @param available units that nobody has reserved
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
