package dev.feira.gateway.filters;

import dev.feira.gateway.routing.Instances;
import dev.feira.gateway.routing.ServiceResponses;
import dev.feira.gateway.routing.UpstreamException;
import java.net.URI;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Chooses the instance that the request is sent to, and records how it responds. The library's {@code lb:} scheme
 * chooses in front of all filters, so that a retry would call the same instance again. This filter is inside the
 * retry and leaves out the instances that the request has tried.
 */
@Component
class LoadBalanced {

    private final Instances instances;

    LoadBalanced(Instances instances) {
        this.instances = instances;
    }

    /**
     * The attempts of one request.
     *
     * @param service host of the route's {@code uri}
     * @param tried addresses of the instances that were called
     */
    record Attempts(String service, Set<String> tried) {

        private static final String ATTRIBUTE = Attempts.class.getName();

        static Attempts of(ServerRequest request) {
            if (request.servletRequest().getAttribute(ATTRIBUTE) instanceof Attempts begun) {
                return begun;
            }
            URI uri = Objects.requireNonNull(MvcUtils.getAttribute(request, MvcUtils.GATEWAY_REQUEST_URL_ATTR));
            var attempts = new Attempts(uri.getHost(), new HashSet<>());
            request.servletRequest().setAttribute(ATTRIBUTE, attempts);
            return attempts;
        }
    }

    ServerResponse filter(ServerRequest request, HandlerFunction<ServerResponse> next) throws Exception {
        var attempts = Attempts.of(request);
        var instance = instances.choose(attempts.service, attempts.tried);
        var address = Instances.address(instance);
        attempts.tried.add(address);
        MvcUtils.setRequestUrl(request, Instances.url(instance));
        try {
            var response = next.handle(request);
            if (ServiceResponses.isFailure(response)) {
                instances.failed(attempts.service, address);
            } else {
                instances.responded(attempts.service, address);
            }
            return response;
        } catch (UpstreamException e) {
            switch (e.kind()) {
                case NOT_REACHED -> instances.notReached(attempts.service, address);
                case BROKEN, TIMEOUT -> instances.failed(attempts.service, address);
                case NO_CONNECTION -> {} // the instance was not called
            }
            throw e;
        }
    }
}
