package dev.feira.gateway.filters;

import dev.feira.gateway.login.Callers;
import dev.feira.gateway.routing.ForwardingProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Honours {@code Prefer: wait=N}, in seconds: the time is added to the deadline and to an attempt. A waiting request
 * holds a permit for seconds, so each caller may have only a few. The next one loses the header and gets its response
 * without waiting, which RFC 7240 allows.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7240#section-4.3">RFC 7240, section 4.3</a>
 */
@Component
class PreferWait {

    private static final String HEADER = "Prefer";
    private static final String ATTRIBUTE = PreferWait.class.getName();
    private static final Pattern WAIT =
            Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,4})\"?", Pattern.CASE_INSENSITIVE);

    private final Callers callers;
    private final int limit;
    private final ConcurrentHashMap<String, Integer> waiting = new ConcurrentHashMap<>();

    PreferWait(Callers callers, ForwardingProperties settings) {
        this.callers = callers;
        this.limit = settings.waitsPerCaller();
    }

    /** Returns the time that the request waits by this filter's decision, zero without the filter. */
    static Duration of(ServerRequest request) {
        return request.servletRequest().getAttribute(ATTRIBUTE) instanceof Duration wait ? wait : Duration.ZERO;
    }

    ServerResponse filter(Duration longest, ServerRequest request, HandlerFunction<ServerResponse> next)
            throws Exception {
        var servlet = request.servletRequest();
        var wait = parse(servlet, longest);
        if (wait.isZero()) {
            return next.handle(request);
        }
        var caller = callers.subject(servlet).map("user "::concat).orElseGet(servlet::getRemoteAddr);
        if (!enter(caller)) {
            return next.handle(ServerRequest.from(request)
                    .headers(headers -> headers.remove(HEADER))
                    .build());
        }
        try {
            servlet.setAttribute(ATTRIBUTE, wait);
            return next.handle(request);
        } finally {
            waiting.computeIfPresent(caller, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    private boolean enter(String caller) {
        var entered = new boolean[1];
        waiting.compute(caller, (_, count) -> {
            var before = count == null ? 0 : count;
            entered[0] = before < limit;
            return entered[0] ? Integer.valueOf(before + 1) : count;
        });
        return entered[0];
    }

    /** Returns how long the client wants to wait, at most {@code longest}; zero without the preference. */
    static Duration parse(HttpServletRequest request, Duration longest) {
        for (var header : Collections.list(request.getHeaders(HEADER))) {
            var wait = WAIT.matcher(header);
            if (wait.find()) {
                var preferred = Duration.ofSeconds(Integer.parseInt(wait.group(1)));
                return preferred.compareTo(longest) > 0 ? longest : preferred;
            }
        }
        return Duration.ZERO;
    }
}
