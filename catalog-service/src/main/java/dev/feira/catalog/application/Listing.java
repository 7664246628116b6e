package dev.feira.catalog.application;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param items the entries
 * @param nextCursor the cursor of the next page; null on the last page
 */
public record Listing<T>(List<T> items, @Nullable String nextCursor) {

    public Listing {
        items = List.copyOf(items);
    }
}
