package dev.feira.catalog.domain;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A product search; null parameters do not filter.
 *
 * @param text words in either language; tolerates misspellings, missing accents and incomplete words
 * @param category the slug of a category
 * @param minPrice EUR, inclusive
 * @param maxPrice EUR, inclusive
 * @param available true: only products in stock; false: only products out of stock
 * @param sold true: only products that were sold; false: only others
 * @param status active or archived
 * @param order the order of the list
 * @param language the language of the order by name
 */
public record ProductQuery(
        @Nullable String text,
        @Nullable String category,
        @Nullable BigDecimal minPrice,
        @Nullable BigDecimal maxPrice,
        @Nullable Boolean available,
        @Nullable Boolean sold,
        ProductStatus status,
        ProductOrder order,
        Language language) {

    public ProductQuery {
        if (text != null && text.isBlank()) {
            text = null;
        }
        if (order == ProductOrder.RELEVANCE && text == null) {
            order = ProductOrder.NAME;
        }
    }
}
