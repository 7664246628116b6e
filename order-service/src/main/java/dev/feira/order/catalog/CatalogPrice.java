package dev.feira.order.catalog;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.feira.order.domain.LocalizedText;
import dev.feira.order.domain.Money;
import dev.feira.order.domain.OrderLine;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The current price of a product.
 *
 * @param sku case-sensitive
 * @param name its name
 * @param unit the unit of sale, e.g. {@code kg}
 * @param picture the address of its picture, if any
 * @param price of one unit, VAT included
 * @param vatRate VAT as a fraction of the net price, e.g. {@code 0.06} or {@code 0.055}
 * @param status {@code ARCHIVED} where it is no longer sold
 * @param available units in stock that are not reserved
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CatalogPrice(
        String sku,
        @JsonIgnoreProperties(ignoreUnknown = true) LocalizedText name,
        String unit,
        @Nullable String picture,
        @JsonIgnoreProperties(ignoreUnknown = true) Money price,
        BigDecimal vatRate,
        String status,
        long available) {

    /**
     * Rejects an incomplete price: an order needs each of these members.
     *
     * @throws IllegalArgumentException another currency than EUR, or a VAT rate that an order cannot store
     */
    public CatalogPrice {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(status, "status");
        if (!Money.EUR.equals(price.currency()) || !OrderLine.isVatRate(vatRate)) {
            throw new IllegalArgumentException(
                    "a price must be in EUR with VAT of at least 0, less than 10 and up to 4 digits, not in "
                            + price.currency() + " with VAT of " + vatRate);
        }
    }

    /** Returns whether the product is no longer sold. */
    public boolean archived() {
        return "ARCHIVED".equals(status);
    }
}
