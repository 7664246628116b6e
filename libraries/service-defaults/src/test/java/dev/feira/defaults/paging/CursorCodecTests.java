package dev.feira.defaults.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorCodecTests {

    private final CursorCodec codec = new CursorCodec(() -> new byte[] {1});
    private final String cursor = codec.encode("products by price", "1.50", "Maçã");

    private static void assertInvalid(CursorCodec codec, String query, String cursor) {
        assertThatExceptionOfType(InvalidCursor.class).isThrownBy(() -> codec.decode(query, cursor, 2));
    }

    @Test
    void decodesEncodedCursor() {
        assertThat(codec.decode("products by price", cursor, 2)).containsExactly("1.50", "Maçã");
    }

    @Test
    void rejectsCursorOfAnotherQuery() {
        assertInvalid(codec, "products by name", cursor);
    }

    @Test
    void rejectsCursorSignedWithAnotherKey() {
        assertInvalid(new CursorCodec(() -> new byte[] {2}), "products by price", cursor);
        assertInvalid(CursorCodec.unsigned(), "products by price", cursor);
    }

    @Test
    void rejectsCursorWithAnyCharacterChanged() {
        for (var i = 0; i < cursor.length(); i++) {
            var changed = new StringBuilder(cursor);
            changed.setCharAt(i, cursor.charAt(i) == 'A' ? 'B' : 'A');
            assertInvalid(codec, "products by price", changed.toString());
        }
        assertInvalid(codec, "products by price", cursor.substring(1));
        assertInvalid(codec, "products by price", cursor + "A");
        assertInvalid(codec, "products by price", cursor + "=");
    }

    @Test
    void rejectsCursorWithAnotherNumberOfValues() {
        var unsigned = CursorCodec.unsigned();
        assertInvalid(unsigned, "orders", unsigned.encode("orders"));
        assertInvalid(unsigned, "orders", unsigned.encode("orders", "one"));
        assertInvalid(unsigned, "orders", unsigned.encode("orders", "one", "two", "three"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "AAAA", "1", "not base64!", "\u0000"})
    void rejectsTextThatIsNotACursor(String text) {
        assertInvalid(codec, "products by price", text);
    }
}
