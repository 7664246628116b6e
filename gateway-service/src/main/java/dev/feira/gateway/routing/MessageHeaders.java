package dev.feira.gateway.routing;

import dev.feira.defaults.FeiraProperties;
import dev.feira.gateway.client.ClientAddresses;
import dev.feira.gateway.client.RequestIdFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * Which headers pass the gateway. What a client says of where it comes from is replaced by what the gateway knows;
 * what belongs to one connection ends there; the gateway's own cookies go no further.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110, section 7.6.1: Connection</a>
 */
@Component
class MessageHeaders {

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
            "content-length",
            "expect",
            "host");

    /** Claims of origin and ways to rename a request that some framework behind could believe. */
    private static final Set<String> CLAIMS = Set.of(
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

    private static final Set<String> NOT_ANSWERED =
            Set.of("server", "x-powered-by", "x-application-context", "x-request-id", "x-trace-id", "content-length");

    private static final Set<String> OWN_COOKIES = Set.of("FEIRA_SESSION", "XSRF-TOKEN");

    private final ClientAddresses addresses;
    private final URI publicUrl;

    MessageHeaders(ClientAddresses addresses, FeiraProperties settings) {
        this.addresses = addresses;
        this.publicUrl = settings.publicUrl();
    }

    /**
     * The headers that the service gets.
     *
     * @param token the session's access token, where it is to be used
     */
    HttpHeaders toService(HttpServletRequest request, RouteTarget target, Optional<String> token) {
        var headers = new HttpHeaders();
        var dropped = namedByConnection(Collections.list(request.getHeaders(HttpHeaders.CONNECTION)));
        for (var name : Collections.list(request.getHeaderNames())) {
            var lower = name.toLowerCase(Locale.ROOT);
            if (ONE_CONNECTION.contains(lower)
                    || CLAIMS.contains(lower)
                    || lower.startsWith("x-forwarded-")
                    || lower.startsWith("x-b3-")
                    || lower.equals("cookie")
                    || lower.equals("authorization")
                    || dropped.contains(lower)) {
                continue;
            }
            Collections.list(request.getHeaders(name)).forEach(value -> headers.add(name, value));
        }
        headers.set("X-Forwarded-For", addresses.of(request)); // one: what clients say of others would be believed
        headers.set("X-Forwarded-Proto", publicUrl.getScheme());
        headers.set("X-Forwarded-Host", publicUrl.getAuthority());
        headers.set("X-Forwarded-Port", Integer.toString(port()));
        headers.set(RequestIdFilter.HEADER, RequestIdFilter.of(request));
        switch (target.credentials()) {
            case TOKEN, OPTIONAL_TOKEN ->
                token.map(value -> "Bearer " + value)
                        .or(() -> Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION)))
                        .ifPresent(value -> headers.set(HttpHeaders.AUTHORIZATION, value));
            case OWN -> {
                var authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
                if (authorization != null) {
                    headers.set(HttpHeaders.AUTHORIZATION, authorization);
                }
                var cookies = foreignCookies(request);
                if (!cookies.isEmpty()) {
                    headers.set(HttpHeaders.COOKIE, cookies);
                }
            }
            case NONE -> {}
        }
        return headers;
    }

    /** The headers that the client gets; the length is set by whoever writes the body. */
    HttpHeaders toClient(HttpHeaders answered, RouteTarget target) {
        var headers = new HttpHeaders();
        var dropped = namedByConnection(answered.getOrEmpty(HttpHeaders.CONNECTION));
        answered.forEach((name, values) -> {
            var lower = name.toLowerCase(Locale.ROOT);
            if (ONE_CONNECTION.contains(lower)
                    || NOT_ANSWERED.contains(lower)
                    || dropped.contains(lower)
                    || (lower.startsWith("set-cookie") && target.credentials() != RouteTarget.Credentials.OWN)) {
                return;
            }
            headers.addAll(name, values);
        });
        return headers;
    }

    private static Set<String> namedByConnection(Iterable<String> connection) {
        var names = new HashSet<String>();
        connection.forEach(value -> Arrays.stream(value.split(","))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.equals("authorization") && !name.equals("cookie")) // not a way to lose these
                .forEach(names::add));
        return names;
    }

    private static String foreignCookies(HttpServletRequest request) {
        return Collections.list(request.getHeaders(HttpHeaders.COOKIE)).stream()
                .flatMap(header -> Arrays.stream(header.split(";")))
                .map(String::strip)
                .filter(cookie -> !cookie.isEmpty() && !OWN_COOKIES.contains(cookie.split("=", 2)[0].strip()))
                .collect(Collectors.joining("; "));
    }

    private int port() {
        return publicUrl.getPort() >= 0 ? publicUrl.getPort() : "https".equals(publicUrl.getScheme()) ? 443 : 80;
    }
}
