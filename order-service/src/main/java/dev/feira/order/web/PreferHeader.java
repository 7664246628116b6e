package dev.feira.order.web;

import dev.feira.order.config.OrderProperties;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads {@code Prefer: wait=N}. Ignores other preferences, as RFC 7240 requires.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7240#section-4.3">RFC 7240, the wait preference</a>
 */
@Component
class PreferHeader {

    private static final Pattern WAIT = Pattern.compile("\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(;.*)?");

    private final Duration longest;

    PreferHeader(OrderProperties settings) {
        this.longest = settings.maxWait();
    }

    /** Returns the requested wait, limited to the maximum; zero without a wait preference. */
    Duration wait(@Nullable List<String> headers) {
        if (headers == null) {
            return Duration.ZERO;
        }
        return headers.stream()
                .flatMap(header -> List.of(header.split(",")).stream())
                .map(WAIT::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(match -> Duration.ofSeconds(Long.parseLong(match.group(1))))
                .findFirst()
                .map(asked -> asked.compareTo(longest) > 0 ? longest : asked)
                .orElse(Duration.ZERO);
    }
}
