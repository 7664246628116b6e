package dev.feira.order.web;

import dev.feira.defaults.paging.CursorCodec;
import dev.feira.defaults.paging.InvalidCursor;
import dev.feira.order.domain.OrderPosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;

/** Converts positions in a list of orders to cursors and back. */
final class Cursor {

    private static final String QUERY = "orders";

    /** Needs no secret: {@code OrderHistory} looks the position up. */
    private static final CursorCodec CODEC = CursorCodec.unsigned();

    /** PostgreSQL stores no later times. */
    private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");

    private Cursor() {}

    static String of(OrderPosition position) {
        return CODEC.encode(QUERY, position.placedAt().toString(), position.id().toString());
    }

    /** @throws InvalidCursor the text is not a position in a list of orders */
    static OrderPosition parse(String cursor) {
        var position = CODEC.decode(QUERY, cursor, 2);
        try {
            var placedAt = Instant.parse(position.getFirst());
            if (placedAt.isBefore(Instant.EPOCH) || placedAt.isAfter(LATEST)) {
                throw new InvalidCursor();
            }
            return new OrderPosition(placedAt, UUID.fromString(position.getLast()));
        } catch (DateTimeException | IllegalArgumentException _) {
            throw new InvalidCursor();
        }
    }
}
