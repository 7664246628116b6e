package dev.feira.defaults.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Removes the suffix that a proxy appends to an ETag when it compresses the response: {@code "1-gzip"} of Apache httpd, which
 * sends {@code If-None-Match} and {@code If-Match} on with it. Feira's own ETags have no such suffix.
 *
 * @see <a href="https://httpd.apache.org/docs/2.4/mod/mod_deflate.html#deflatealteretag">mod_deflate, DeflateAlterETag</a>
 */
final class CompressedETags extends OncePerRequestFilter {

    /** Jetty's proxy writes {@code --gzip}, older ones {@code ;gzip}. */
    private static final Pattern SUFFIX = Pattern.compile("(?<=[^\"])(?:--?|;)(?:gzip|br|zstd|deflate)\"");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(
                isChanged(request, HttpHeaders.IF_NONE_MATCH) || isChanged(request, HttpHeaders.IF_MATCH)
                        ? new WithOwnETags(request)
                        : request,
                response);
    }

    private static boolean isChanged(HttpServletRequest request, String name) {
        for (var values = request.getHeaders(name); values.hasMoreElements(); ) {
            if (SUFFIX.matcher(values.nextElement()).find()) {
                return true;
            }
        }
        return false;
    }

    private static final class WithOwnETags extends HttpServletRequestWrapper {

        WithOwnETags(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable String getHeader(String name) {
            var value = super.getHeader(name);
            return value == null || !hasETags(name) ? value : own(value);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            var values = super.getHeaders(name);
            return hasETags(name)
                    ? Collections.enumeration(Collections.list(values).stream()
                            .map(WithOwnETags::own)
                            .toList())
                    : values;
        }

        private static boolean hasETags(String name) {
            return HttpHeaders.IF_NONE_MATCH.equalsIgnoreCase(name) || HttpHeaders.IF_MATCH.equalsIgnoreCase(name);
        }

        private static String own(String tags) {
            return SUFFIX.matcher(tags).replaceAll("\"");
        }
    }
}
