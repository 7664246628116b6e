package dev.feira.catalog.application;

import dev.feira.catalog.domain.CursorKey;
import dev.feira.catalog.domain.Page;
import dev.feira.catalog.domain.Position;
import dev.feira.defaults.paging.CursorCodec;
import dev.feira.defaults.paging.InvalidCursor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Converts the positions of lists to cursors and back. */
@Component
class Cursors {

    private final CursorCodec codec;

    Cursors(CursorKey key) {
        this.codec = new CursorCodec(key::secret);
    }

    /** Returns the page with the cursor of the next one. */
    <T> Listing<T> listing(Page<T> page, String query) {
        var end = page.end();
        return new Listing<>(page.items(), end == null ? null : codec.encode(query, end.key(), end.id()));
    }

    /**
     * Returns the position of a cursor, or null for the first page.
     *
     * @throws InvalidCursor the cursor was not made for this query
     */
    @Nullable Position read(@Nullable String cursor, String query) {
        if (cursor == null) {
            return null;
        }
        var position = codec.decode(query, cursor, 2);
        return new Position(position.getFirst(), position.getLast());
    }
}
