package dev.feira.gateway.login;

import dev.feira.defaults.server.QueryCharacters;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Where a login may lead back to: a path of this site, and nothing that a browser could read as another one. */
final class LocalPath {

    private static final int LONGEST = 500;

    private LocalPath() {}

    /** Returns {@code path} as a valid URL where it stays on this site, otherwise the front page. */
    static String of(@Nullable String path) {
        if (path == null
                || path.length() > LONGEST
                || !path.startsWith("/")
                || path.startsWith("//")
                || path.indexOf('\\') >= 0
                || path.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            return "/";
        }
        try {
            return URI.create(QueryCharacters.encode(path)).toString();
        } catch (IllegalArgumentException e) {
            return "/"; // e.g. % without two digits
        }
    }
}
