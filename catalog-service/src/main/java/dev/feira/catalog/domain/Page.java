package dev.feira.catalog.domain;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Some entries of an ordered list.
 *
 * @param items the entries
 * @param end where the page ended, or null where nothing follows
 */
public record Page<T>(List<T> items, @Nullable Position end) {

    public Page {
        items = List.copyOf(items);
    }

    /**
     * The page of a query that asked for one entry more than fits.
     *
     * @param found at most {@code limit + 1} entries
     * @param limit the entries of a page
     * @param position where an entry stands in the list
     */
    public static <T> Page<T> of(List<T> found, int limit, Function<T, Position> position) {
        if (found.size() <= limit) {
            return new Page<>(found, null);
        }
        return new Page<>(found.subList(0, limit), position.apply(found.get(limit - 1)));
    }
}
