package dev.feira.gateway.routing;

import dev.feira.defaults.FeiraProperties;
import dev.feira.gateway.client.RequestIdFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.cloud.gateway.server.mvc.filter.HttpHeadersFilter.RequestHttpHeadersFilter;
import org.springframework.cloud.gateway.server.mvc.filter.HttpHeadersFilter.ResponseHttpHeadersFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Decides which headers pass the gateway, by the library's extension points. Claims of a client about its origin are
 * replaced. Headers of one connection are removed, also those that {@code Connection} names, which the library's own
 * filter lets pass. Credentials pass only if a filter of the route says so.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110, section 7.6.1: Connection</a>
 */
@Configuration(proxyBeanMethods = false)
class ProxyHeaders {

    private static final Set<String> ONE_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "expect",
            "host");

    /** Credentials that a filter must allow, and claims of origin or address that a framework in a service could trust. */
    private static final Set<String> NOT_FORWARDED = Set.of(
            "authorization",
            "baggage",
            "cookie",
            "content-length",
            "forwarded",
            "via",
            "x-real-ip",
            "x-client-ip",
            "true-client-ip",
            "x-cluster-client-ip",
            "x-original-url",
            "x-original-uri",
            "x-original-host",
            "x-rewrite-url",
            "x-http-method",
            "x-http-method-override",
            "x-method-override",
            "x-request-id",
            "x-xsrf-token",
            "traceparent",
            "tracestate",
            "b3");

    private static final Set<String> NOT_RETURNED =
            Set.of("server", "x-powered-by", "x-application-context", "x-request-id", "x-trace-id");

    private final URI publicUrl;

    /** Other programs on the same host set cookies, too: with them the headers can be too large for a service. */
    private final Set<String> cookiesOfServices;

    ProxyHeaders(FeiraProperties settings) {
        this.publicUrl = settings.publicUrl();
        this.cookiesOfServices = Set.of(settings.cookieName("FEIRA_ID"), settings.cookieName("FEIRA_LANG"));
    }

    /** Returns the headers that the service gets. */
    @Bean
    RequestHttpHeadersFilter requestHeaders() {
        return new RequestHttpHeadersFilter() {
            @Override
            public HttpHeaders apply(HttpHeaders received, ServerRequest request) {
                return toService(received, request.servletRequest());
            }
        };
    }

    /** Returns the headers that the client gets. */
    @Bean
    ResponseHttpHeadersFilter responseHeaders() {
        return new ResponseHttpHeadersFilter() {
            @Override
            public HttpHeaders apply(HttpHeaders received, ServerResponse response) {
                return without(received, NOT_RETURNED);
            }
        };
    }

    private HttpHeaders toService(HttpHeaders received, HttpServletRequest request) {
        var headers = without(received, NOT_FORWARDED);
        headers.set("X-Forwarded-For", request.getRemoteAddr()); // one: a service would trust a client's claims
        headers.set("X-Forwarded-Proto", publicUrl.getScheme());
        headers.set("X-Forwarded-Host", publicUrl.getAuthority());
        headers.set("X-Forwarded-Port", Integer.toString(port()));
        headers.set(RequestIdFilter.HEADER, RequestIdFilter.of(request));
        var contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (contentType != null) {
            headers.set(HttpHeaders.CONTENT_TYPE, contentType); // unchanged: Spring adds a charset to it
        }
        if (request.getContentLengthLong() > 0) {
            headers.setContentLength(request.getContentLengthLong());
        }
        var authorization = ForwardedCredentials.authorization(request);
        if (authorization != null) {
            headers.set(HttpHeaders.AUTHORIZATION, authorization);
        }
        if (ForwardedCredentials.hasCookies(request)) {
            var cookies = cookiesOfServices(request);
            if (!cookies.isEmpty()) {
                headers.set(HttpHeaders.COOKIE, cookies);
            }
        }
        return headers;
    }

    private static HttpHeaders without(HttpHeaders received, Set<String> removed) {
        var headers = new HttpHeaders();
        var byConnection = namedByConnection(received.getOrEmpty(HttpHeaders.CONNECTION));
        received.forEach((name, values) -> {
            var lower = name.toLowerCase(Locale.ROOT);
            if (!ONE_CONNECTION.contains(lower)
                    && !removed.contains(lower)
                    && !lower.startsWith("x-forwarded-")
                    && !lower.startsWith("x-b3-")
                    && !byConnection.contains(lower)) {
                headers.addAll(name, values);
            }
        });
        return headers;
    }

    private static Set<String> namedByConnection(Iterable<String> connection) {
        var names = new HashSet<String>();
        connection.forEach(value -> Arrays.stream(value.split(","))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name ->
                        !name.equals("authorization") && !name.equals("cookie")) // a client must not remove these
                .forEach(names::add));
        return names;
    }

    private String cookiesOfServices(HttpServletRequest request) {
        return Collections.list(request.getHeaders(HttpHeaders.COOKIE)).stream()
                .flatMap(header -> Arrays.stream(header.split(";")))
                .map(String::strip)
                .filter(cookie -> cookiesOfServices.contains(cookie.split("=", 2)[0].strip()))
                .collect(Collectors.joining("; "));
    }

    private int port() {
        return publicUrl.getPort() >= 0 ? publicUrl.getPort() : "https".equals(publicUrl.getScheme()) ? 443 : 80;
    }
}
