package dev.feira.gateway.routing;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.regex.Pattern;

/**
 * Reads {@code Prefer: wait=N}, in seconds.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7240#section-4.3">RFC 7240, section 4.3</a>
 */
final class PreferWait {

    private static final Pattern WAIT =
            Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,4})\"?", Pattern.CASE_INSENSITIVE);

    private PreferWait() {}

    /** Returns how long the client would wait, at most {@code longest}; zero where it does not say. */
    static Duration of(HttpServletRequest request, Duration longest) {
        for (var header : Collections.list(request.getHeaders("Prefer"))) {
            var wait = WAIT.matcher(header);
            if (wait.find()) {
                var asked = Duration.ofSeconds(Integer.parseInt(wait.group(1)));
                return asked.compareTo(longest) > 0 ? longest : asked;
            }
        }
        return Duration.ZERO;
    }
}
