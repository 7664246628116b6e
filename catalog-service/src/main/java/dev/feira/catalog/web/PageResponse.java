package dev.feira.catalog.web;

import dev.feira.catalog.application.Listing;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param nextCursor the parameter {@code cursor} of the next page, with the same other parameters; null on the last page
 */
record PageResponse<T>(List<T> items, @Nullable String nextCursor) {

    static <E, T> PageResponse<T> of(Listing<E> listing, Function<E, T> response) {
        return new PageResponse<>(listing.items().stream().map(response).toList(), listing.nextCursor());
    }
}
