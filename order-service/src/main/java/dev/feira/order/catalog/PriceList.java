package dev.feira.order.catalog;

import java.util.List;
import java.util.Map;

/**
 * What the catalog said about some products.
 *
 * @param prices by SKU
 * @param unknown those of which it has never heard
 */
public record PriceList(Map<String, CatalogPrice> prices, List<String> unknown) {

    public PriceList {
        prices = Map.copyOf(prices);
        unknown = List.copyOf(unknown);
    }
}
