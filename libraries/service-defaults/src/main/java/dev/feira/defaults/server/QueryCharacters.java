package dev.feira.defaults.server;

import java.util.Locale;

/**
 * The characters of a URL's query that browsers send as they are although RFC 3986 excludes them.
 *
 * @see <a href="https://url.spec.whatwg.org/#query-percent-encode-set">URL standard, query percent-encode set</a>
 */
public final class QueryCharacters {

    static final String UNENCODED_BY_BROWSERS = "[\\]^`{|}";

    private QueryCharacters() {}

    /** Returns the text with these characters percent-encoded, and all others unchanged. */
    public static String encode(String text) {
        if (text.chars().noneMatch(QueryCharacters::isUnencoded)) {
            return text;
        }
        var encoded = new StringBuilder(text.length() + 16);
        text.chars().forEach(character -> {
            if (isUnencoded(character)) {
                encoded.append('%').append(Integer.toHexString(character).toUpperCase(Locale.ROOT));
            } else {
                encoded.append((char) character);
            }
        });
        return encoded.toString();
    }

    private static boolean isUnencoded(int character) {
        return UNENCODED_BY_BROWSERS.indexOf(character) >= 0;
    }
}
