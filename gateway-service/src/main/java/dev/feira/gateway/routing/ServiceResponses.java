package dev.feira.gateway.routing;

import java.io.ByteArrayInputStream;
import java.util.Set;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** Reads from a service's response what the filters decide by. */
public final class ServiceResponses {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<Integer> FAILURES = Set.of(500, 502, 504);

    private ServiceResponses() {}

    /** Returns whether repeating the request changes nothing (RFC 9110, section 9.2.1). */
    public static boolean isSafe(ServerRequest request) {
        return SAFE.contains(request.method().name());
    }

    /** Returns whether the status means a broken instance. A 503 does not: the service works and sheds load. */
    public static boolean isFailure(ServerResponse response) {
        return FAILURES.contains(response.statusCode().value());
    }

    /** Returns whether another instance may do better; after a 503 with {@code Retry-After} it would say the same. */
    public static boolean mayRetry(ServerResponse response) {
        return isFailure(response)
                || response.statusCode().value() == 503 && response.headers().getFirst(HttpHeaders.RETRY_AFTER) == null;
    }

    /** Returns whether a part of the body is still to be read from the service. */
    public static boolean isStreaming(ServerRequest request) {
        return MvcUtils.getAttribute(request, MvcUtils.CLIENT_RESPONSE_ATTR) != null;
    }

    /** Gives up the response, so that its connection is free for another request. */
    public static void close(ServerRequest request) {
        ClientHttpResponse response = MvcUtils.getAttribute(request, MvcUtils.CLIENT_RESPONSE_ATTR);
        if (response != null) {
            response.close();
        }
    }

    /** Sends {@code body} to the client instead of what the service sent. */
    static void replaceBody(ServerRequest request, ServerResponse response, byte[] body) {
        MvcUtils.putAttribute(request, MvcUtils.CLIENT_RESPONSE_INPUT_STREAM_ATTR, new ByteArrayInputStream(body));
        response.headers().setContentLength(body.length);
    }
}
