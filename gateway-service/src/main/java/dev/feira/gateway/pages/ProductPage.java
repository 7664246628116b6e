package dev.feira.gateway.pages;

import dev.feira.gateway.routing.ServiceResponses;
import java.io.InputStream;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns catalog-service's response about a product into the page of the product. An unknown product is 404. If
 * catalog-service does not respond, the page itself still loads, says so, and tries again.
 */
@Component
public class ProductPage {

    private static final Logger log = LoggerFactory.getLogger(ProductPage.class);

    private final ShopDocument document;
    private final JsonMapper json;

    ProductPage(ShopDocument document, JsonMapper json) {
        this.document = document;
        this.json = json;
    }

    /** Returns the document of the product that the filters behind it find. */
    public ServerResponse filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
        try {
            var forJson = ServerRequest.from(request)
                    .method(HttpMethod.GET) // HEAD has the same headers
                    .headers(headers -> {
                        headers.set(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE);
                        headers.remove(HttpHeaders.IF_NONE_MATCH); // is about the document
                        headers.remove(HttpHeaders.IF_MODIFIED_SINCE);
                        headers.remove(HttpHeaders.RANGE);
                    })
                    .build();
            var response = next.handle(forJson);
            if (response.statusCode().equals(HttpStatus.OK)) {
                return document.about(body(forJson), request);
            }
            ServiceResponses.close(forJson);
            return response.statusCode().equals(HttpStatus.NOT_FOUND)
                            || response.statusCode().equals(HttpStatus.BAD_REQUEST)
                    ? document.notFound()
                    : document.any();
        } catch (JacksonException | IllegalArgumentException e) {
            log.warn("The response of catalog-service about a product cannot be read", e);
            return document.any();
        } catch (Exception e) { // counted by the breaker and the traffic class
            log.debug("The page of a product is without its name", e);
            return document.any();
        }
    }

    private JsonNode body(ServerRequest request) {
        return json.readTree(Objects.<InputStream>requireNonNull(
                MvcUtils.getAttribute(request, MvcUtils.CLIENT_RESPONSE_INPUT_STREAM_ATTR)));
    }
}
