package dev.feira.user.web;

import dev.feira.user.keys.KeyCipher;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.springframework.stereotype.Component;

/** Cursors that say where a list goes on, signed so that nobody makes their own. */
@Component
class Cursors {

    private static final int MAC_BYTES = 16;

    private final KeyCipher cipher;

    Cursors(KeyCipher cipher) {
        this.cipher = cipher;
    }

    /** Not one of ours: 400. */
    static final class Invalid extends RuntimeException {}

    String of(long position) {
        var bytes = ByteBuffer.allocate(Long.BYTES + MAC_BYTES)
                .putLong(position)
                .put(mac(position))
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    long position(String cursor) {
        try {
            var bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length != Long.BYTES + MAC_BYTES) {
                throw new Invalid();
            }
            var position = ByteBuffer.wrap(bytes).getLong();
            if (!MessageDigest.isEqual(mac(position), Arrays.copyOfRange(bytes, Long.BYTES, bytes.length))) {
                throw new Invalid();
            }
            return position;
        } catch (IllegalArgumentException e) {
            throw new Invalid();
        }
    }

    private byte[] mac(long position) {
        return Arrays.copyOf(cipher.mac("cursor " + position), MAC_BYTES);
    }
}
