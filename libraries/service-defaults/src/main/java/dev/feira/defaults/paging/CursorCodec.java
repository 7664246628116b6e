package dev.feira.defaults.paging;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encodes the position of a page's last entry as an opaque cursor: base64url of the position and of an HMAC over the
 * position and the query. A cursor is valid for one query, does not expire, and is not stored.
 */
public final class CursorCodec {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 16; // truncated to 128 bits: RFC 2104, section 5
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final Supplier<byte[]> key;

    /** @param key a secret that all replicas share; read for each cursor */
    public CursorCodec(Supplier<byte[]> key) {
        this.key = key;
    }

    /** Returns a codec without a secret. It detects changes, not forgery: for lists that look the position up. */
    public static CursorCodec unsigned() {
        var publicKey = new byte[32];
        return new CursorCodec(() -> publicKey);
    }

    /**
     * Encodes a position.
     *
     * @param query the list, its filters and its order
     * @param position what identifies the last entry of the page in that order
     */
    public String encode(String query, String... position) {
        var bytes = new ByteArrayOutputStream();
        try (var data = new DataOutputStream(bytes)) {
            for (var value : position) {
                data.writeUTF(value);
            }
            data.write(mac(bytes.toByteArray(), query));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ENCODER.encodeToString(bytes.toByteArray());
    }

    /**
     * Verifies and decodes a cursor.
     *
     * @param values how many values the position has
     * @return the position as it was encoded
     * @throws InvalidCursor the cursor was changed, was made for another query, or has another number of values
     */
    public List<String> decode(String query, String cursor, int values) {
        var bytes = base64(cursor);
        var end = bytes.length - MAC_BYTES;
        if (end < 0) {
            throw new InvalidCursor();
        }
        var content = Arrays.copyOf(bytes, end);
        if (!MessageDigest.isEqual(mac(content, query), Arrays.copyOfRange(bytes, end, bytes.length))) {
            throw new InvalidCursor();
        }
        var position = new ArrayList<String>();
        try (var data = new DataInputStream(new ByteArrayInputStream(content))) {
            while (data.available() > 0) {
                position.add(data.readUTF());
            }
        } catch (IOException e) {
            throw new InvalidCursor();
        }
        if (position.size() != values) { // any client can write a cursor of an unsigned codec
            throw new InvalidCursor();
        }
        return position;
    }

    private static byte[] base64(String cursor) {
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

    private byte[] mac(byte[] content, String query) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.get(), ALGORITHM));
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).flip());
            mac.update(content);
            return Arrays.copyOf(mac.doFinal(query.getBytes(StandardCharsets.UTF_8)), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is not available", e);
        }
    }
}
