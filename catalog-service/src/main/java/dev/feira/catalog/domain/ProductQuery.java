package dev.feira.catalog.domain;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for; a part that is null does not narrow the list.
 *
 * @param text words in either language, as typed: misspellings, missing accents and beginnings of words are found
 * @param category the slug of a category
 * @param minPrice EUR, inclusive
 * @param maxPrice EUR, inclusive
 * @param available true: only what is in stock; false: only what is not
 * @param status on sale or archived
 * @param order the order of the list
 * @param language whose alphabet the order by name follows
 */
public record ProductQuery(
        @Nullable String text,
        @Nullable String category,
        @Nullable BigDecimal minPrice,
        @Nullable BigDecimal maxPrice,
        @Nullable Boolean available,
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
