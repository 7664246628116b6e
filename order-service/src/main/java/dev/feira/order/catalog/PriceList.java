package dev.feira.order.catalog;

import java.util.List;
import java.util.Map;

/**
 * The prices of some products.
 *
 * @param prices by SKU
 * @param unknown SKUs that do not exist
 */
public record PriceList(Map<String, CatalogPrice> prices, List<String> unknown) {

    public PriceList {
        prices = Map.copyOf(prices);
        unknown = List.copyOf(unknown);
    }
}
