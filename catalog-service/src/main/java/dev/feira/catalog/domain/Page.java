package dev.feira.catalog.domain;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of an ordered list.
 *
 * @param items the entries
 * @param end the position of the last entry, or null on the last page
 */
public record Page<T>(List<T> items, @Nullable Position end) {

    public Page {
        items = List.copyOf(items);
    }

    /**
     * Creates a page from a query for one entry more than the limit.
     *
     * @param found at most {@code limit + 1} entries
     * @param limit maximum number of entries
     * @param position returns the position of an entry
     */
    public static <T> Page<T> of(List<T> found, int limit, Function<T, Position> position) {
        if (found.size() <= limit) {
            return new Page<>(found, null);
        }
        return new Page<>(found.subList(0, limit), position.apply(found.get(limit - 1)));
    }
}
