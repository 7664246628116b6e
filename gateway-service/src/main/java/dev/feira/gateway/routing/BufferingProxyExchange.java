package dev.feira.gateway.routing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Objects;
import java.util.Set;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.cloud.gateway.server.mvc.config.GatewayMvcProperties;
import org.springframework.cloud.gateway.server.mvc.handler.RestClientProxyExchange;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a response before it goes to the client, up to a size. The library's exchange returns after the head and
 * copies the body when all filters are done. Deadline, retry and breaker would not see a body that stalls or is cut,
 * and a slow client would hold the connection to the service.
 */
final class BufferingProxyExchange extends RestClientProxyExchange {

    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 304);

    private final int buffer;
    private final JsonMapper json;

    /** @param buffer bytes; a larger response is streamed from there on */
    BufferingProxyExchange(RestClient client, GatewayMvcProperties properties, int buffer, JsonMapper json) {
        super(client, properties);
        this.buffer = buffer;
        this.json = json;
    }

    /** @throws UpstreamException without a response, or when its body ends early */
    @Override
    public ServerResponse exchange(Request request) {
        try {
            var response = super.exchange(request);
            if (!ForwardedCredentials.hasCookies(request.getServerRequest().servletRequest())) {
                response.headers().remove(HttpHeaders.SET_COOKIE);
            }
            return buffered(request.getServerRequest(), response);
        } catch (ResourceAccessException e) {
            throw UpstreamException.of(e.getCause());
        }
    }

    private ServerResponse buffered(ServerRequest request, ServerResponse response) {
        var service = Objects.<ClientHttpResponse>requireNonNull(
                MvcUtils.getAttribute(request, MvcUtils.CLIENT_RESPONSE_ATTR));
        var rest = Objects.<InputStream>requireNonNull(
                MvcUtils.getAttribute(request, MvcUtils.CLIENT_RESPONSE_INPUT_STREAM_ATTR));
        try {
            var begin = rest.readNBytes(buffer);
            if (begin.length == buffer) {
                MvcUtils.putAttribute(
                        request,
                        MvcUtils.CLIENT_RESPONSE_INPUT_STREAM_ATTR,
                        new SequenceInputStream(new ByteArrayInputStream(begin), rest));
                return response;
            }
            service.close();
            MvcUtils.putAttribute(request, MvcUtils.CLIENT_RESPONSE_ATTR, null);
            if (hasBody(request, response)) {
                ServiceResponses.replaceBody(request, response, withPublicInstance(request, response, begin));
            } else if (response.statusCode().value() != 200) {
                response.headers().remove(HttpHeaders.CONTENT_LENGTH);
            }
            return response;
        } catch (IOException e) {
            service.close();
            throw UpstreamException.of(e);
        }
    }

    private static boolean hasBody(ServerRequest request, ServerResponse response) {
        return request.method() != HttpMethod.HEAD
                && !WITHOUT_BODY.contains(response.statusCode().value());
    }

    /** A problem's {@code instance} is the path that the client requested, not the service's (RFC 9457, section 3.1.5). */
    private byte[] withPublicInstance(ServerRequest request, ServerResponse response, byte[] body) {
        if (!MediaType.APPLICATION_PROBLEM_JSON.equalsTypeAndSubtype(
                response.headers().getContentType())) {
            return body;
        }
        try {
            if (json.readTree(body) instanceof ObjectNode problem && problem.has("instance")) {
                problem.put("instance", request.servletRequest().getRequestURI());
                return json.writeValueAsBytes(problem);
            }
            return body;
        } catch (JacksonException e) {
            return body;
        }
    }
}
