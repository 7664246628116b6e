package dev.feira.gateway.client;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.apache.catalina.Globals;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives each request an id for the response, the logs and the services. A client may send its own in a valid form. Trace
 * headers are accepted from trusted proxies only: any client could otherwise have its requests sampled.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context, section 6: trust boundaries</a>
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class RequestIdFilter extends OncePerRequestFilter {

    /** The header in both directions. */
    public static final String HEADER = "X-Request-Id";

    private static final String ATTRIBUTE = RequestIdFilter.class.getName();
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{8,64}");
    private static final Set<String> TRACE = Set.of("traceparent", "tracestate", "baggage", "b3");

    /** Returns the id of this request. */
    public static String of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof String id ? id : "none";
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var id = idFor(request);
        request.setAttribute(ATTRIBUTE, id);
        response.setHeader(HEADER, id);
        try (var _ = MDC.putCloseable("requestId", id)) {
            chain.doFilter(isOfTrustedProxy(request) ? request : new WithoutTrace(request), response);
        }
    }

    /** Tomcat's {@code RemoteIpValve} sets the attribute if the peer is one of {@code FEIRA_TRUSTED_PROXIES}. */
    private static boolean isOfTrustedProxy(HttpServletRequest request) {
        return request.getAttribute(Globals.REQUEST_FORWARDED_ATTRIBUTE) != null;
    }

    /** Returns the request's own id if it is valid, or a new one. */
    public static String idFor(HttpServletRequest request) {
        var own = request.getHeader(HEADER);
        return own != null && FORM.matcher(own).matches() ? own : newId();
    }

    private static String newId() {
        var random = ThreadLocalRandom.current(); // an id, not a secret
        var hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    /** Hides the trace headers of a client. */
    private static final class WithoutTrace extends HttpServletRequestWrapper {

        WithoutTrace(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable String getHeader(String name) {
            return isTrace(name) ? null : super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return isTrace(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            return Collections.enumeration(Collections.list(super.getHeaderNames()).stream()
                    .filter(name -> !isTrace(name))
                    .toList());
        }

        private static boolean isTrace(String name) {
            var lower = name.toLowerCase(Locale.ROOT);
            return TRACE.contains(lower) || lower.startsWith("x-b3-");
        }
    }
}
