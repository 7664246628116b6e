package dev.feira.gateway.filters;

import java.net.URI;
import java.util.List;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** Requests and responses for tests of one filter. */
final class Requests {

    private Requests() {}

    static ServerRequest of(String method) {
        var servlet = new MockHttpServletRequest(method, "/products");
        servlet.setAttribute(MvcUtils.GATEWAY_ROUTE_ID_ATTR, "products");
        servlet.setAttribute(MvcUtils.GATEWAY_REQUEST_URL_ATTR, URI.create("http://catalog-service"));
        return ServerRequest.create(servlet, List.of());
    }

    static ServerResponse response(int status) {
        return ServerResponse.status(status).build();
    }
}
