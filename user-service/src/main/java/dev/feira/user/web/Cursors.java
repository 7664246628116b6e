package dev.feira.user.web;

import dev.feira.defaults.paging.CursorCodec;
import dev.feira.defaults.paging.InvalidCursor;
import dev.feira.user.keys.KeyCipher;
import org.springframework.stereotype.Component;

/** Converts positions in the security log to cursors and back. */
@Component
class Cursors {

    private static final String QUERY = "security-events";

    private final CursorCodec codec;

    Cursors(KeyCipher cipher) {
        var key = cipher.mac("cursors");
        this.codec = new CursorCodec(() -> key);
    }

    String of(long position) {
        return codec.encode(QUERY, Long.toString(position));
    }

    /** @throws InvalidCursor the cursor was not made by this service */
    long position(String cursor) {
        return Long.parseLong(codec.decode(QUERY, cursor, 1).getFirst());
    }
}
