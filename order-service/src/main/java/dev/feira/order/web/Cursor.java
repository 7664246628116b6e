package dev.feira.order.web;

import dev.feira.order.domain.OrderPosition;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;

/**
 * A position in a list as 32 characters: 24 bytes, so that no two texts mean the same position. Whether it is one is
 * seen when it is used.
 */
final class Cursor {

    private Cursor() {}

    /** The text was never a cursor. */
    static final class Invalid extends RuntimeException {}

    static String of(OrderPosition position) {
        var bytes = ByteBuffer.allocate(24)
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, position.placedAt()))
                .putLong(position.id().getMostSignificantBits())
                .putLong(position.id().getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static OrderPosition parse(String text) {
        if (text.length() != 32) {
            throw new Invalid();
        }
        try {
            var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            var micros = bytes.getLong();
            // PostgreSQL has no times beyond these years: nothing was placed there
            if (micros < 0 || micros > 4_102_444_800_000_000L) {
                throw new Invalid();
            }
            return new OrderPosition(
                    Instant.EPOCH.plus(micros, ChronoUnit.MICROS), new UUID(bytes.getLong(), bytes.getLong()));
        } catch (IllegalArgumentException _) {
            throw new Invalid();
        }
    }
}
