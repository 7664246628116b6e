package dev.feira.catalog.application;

import dev.feira.catalog.domain.CursorKey;
import dev.feira.catalog.domain.Page;
import dev.feira.catalog.domain.Position;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Cursors are positions in a list, signed together with the question that the list answers: one that was changed, or
 * that belongs to another question, is refused. They keep nothing on the server and do not age.
 */
@Component
class Cursors {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE_BYTES = 16; // 128 bits of the HMAC, as RFC 2104 section 5 allows
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final CursorKey key;

    Cursors(CursorKey key) {
        this.key = key;
    }

    /** Returns the page with its cursor. */
    <T> Listing<T> listing(Page<T> page, String question) {
        var end = page.end();
        return new Listing<>(page.items(), end == null ? null : write(end, question));
    }

    String write(Position position, String question) {
        var bytes = new ByteArrayOutputStream();
        try (var data = new DataOutputStream(bytes)) {
            data.writeUTF(position.key());
            data.writeUTF(position.id());
            data.write(sign(bytes.toByteArray(), question));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ENCODER.encodeToString(bytes.toByteArray());
    }

    /**
     * Reads a cursor.
     *
     * @return the position, or null where there is no cursor
     * @throws InvalidCursor it was not written for this question
     */
    @Nullable Position read(@Nullable String cursor, String question) {
        if (cursor == null) {
            return null;
        }
        var bytes = decode(cursor);
        var end = bytes.length - SIGNATURE_BYTES;
        if (end < 0) {
            throw new InvalidCursor();
        }
        var content = Arrays.copyOf(bytes, end);
        if (!MessageDigest.isEqual(sign(content, question), Arrays.copyOfRange(bytes, end, bytes.length))) {
            throw new InvalidCursor();
        }
        try (var data = new DataInputStream(new ByteArrayInputStream(content))) {
            return new Position(data.readUTF(), data.readUTF());
        } catch (IOException e) {
            throw new UncheckedIOException("a signed cursor cannot be read", e);
        }
    }

    private static byte[] decode(String cursor) {
        try {
            var bytes = Base64.getUrlDecoder().decode(cursor);
            if (!ENCODER.encodeToString(bytes).equals(cursor)) { // padding, or bits that the decoder drops
                throw new InvalidCursor();
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw new InvalidCursor();
        }
    }

    private byte[] sign(byte[] content, String question) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.secret(), ALGORITHM));
            mac.update(content);
            mac.update((byte) 0);
            return Arrays.copyOf(mac.doFinal(question.getBytes(StandardCharsets.UTF_8)), SIGNATURE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
