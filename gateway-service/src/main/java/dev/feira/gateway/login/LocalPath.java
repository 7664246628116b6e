package dev.feira.gateway.login;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a login may lead back to: a path of this site, and nothing that a browser could read as another one. */
final class LocalPath {

    private static final int LONGEST = 500;
    private static final String NOT_IN_URI = "\"<>^`{|}";

    private LocalPath() {}

    /** Returns {@code path} where it stays on this site, otherwise the front page. */
    static String of(@Nullable String path) {
        if (path == null
                || path.length() > LONGEST
                || !path.startsWith("/")
                || path.startsWith("//")
                || path.indexOf('\\') >= 0
                || path.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            return "/";
        }
        return encoded(path);
    }

    /** Percent-encodes what browsers send as it is, but {@link java.net.URI} does not accept. */
    private static String encoded(String path) {
        var encoded = new StringBuilder();
        path.chars().forEach(c -> {
            if (NOT_IN_URI.indexOf(c) >= 0) {
                encoded.append('%').append(Integer.toHexString(c).toUpperCase(Locale.ROOT));
            } else {
                encoded.append((char) c);
            }
        });
        return encoded.toString();
    }
}
