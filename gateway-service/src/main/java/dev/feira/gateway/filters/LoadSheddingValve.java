package dev.feira.gateway.filters;

import dev.feira.gateway.client.RequestIdFilter;
import dev.feira.gateway.problem.ProblemWriter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.slf4j.MDC;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.gateway.server.mvc.config.GatewayMvcProperties;
import org.springframework.cloud.gateway.server.mvc.config.RouteProperties;
import org.springframework.stereotype.Component;

/**
 * Rejects catalog reads with 429 before they cost anything, while the {@code browsing} class is saturated: the processor
 * time of a rejection is missing where others are served. A Tomcat valve, since the filter chain and the observation of
 * the request are a good part of that time; {@code feira.gateway.shed} counts what it rejects (docs/decisions/0013).
 */
@Component
class LoadSheddingValve extends ValveBase implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final String CLASS = "browsing";
    private static final String BELOW = "/**";

    private final TrafficClass browsing;
    private final ObjectProvider<GatewayMvcProperties> routes;
    private final ProblemWriter problems;
    private volatile List<String> prefixes = List.of();

    LoadSheddingValve(TrafficClasses classes, ObjectProvider<GatewayMvcProperties> routes, ProblemWriter problems) {
        super(true);
        this.browsing = classes.get(CLASS);
        this.routes = routes;
        this.problems = problems;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(this);
    }

    /** Finds the paths of the routes with {@code TrafficClass=browsing}. */
    @Override
    protected void startInternal() throws LifecycleException {
        prefixes = routes.getObject().getRoutes().stream()
                .filter(LoadSheddingValve::isBrowsing)
                .map(LoadSheddingValve::prefix)
                .flatMap(Optional::stream)
                .toList();
        super.startInternal();
    }

    private static boolean isBrowsing(RouteProperties route) {
        return route.getFilters().stream()
                .anyMatch(filter -> "TrafficClass".equals(filter.getName())
                        && filter.getArgs().containsValue(CLASS));
    }

    /** Returns {@code /api/products} for {@code Path=/api/products/**}. */
    private static Optional<String> prefix(RouteProperties route) {
        return route.getPredicates().stream()
                .filter(predicate -> "Path".equals(predicate.getName()))
                .flatMap(predicate -> predicate.getArgs().values().stream())
                .map(Objects::toString)
                .filter(pattern -> pattern.endsWith(BELOW))
                .map(pattern -> pattern.substring(0, pattern.length() - BELOW.length()))
                .findFirst();
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (browsing.isSaturated()
                && request.getDispatcherType() == DispatcherType.REQUEST
                && request.getMethod().equals("GET")
                && prefixes.stream().anyMatch(request.getDecodedRequestURI()::startsWith)) {
            var id = RequestIdFilter.idFor(request);
            response.setHeader(RequestIdFilter.HEADER, id);
            response.setHeader("X-Content-Type-Options", "nosniff");
            try (var _ = MDC.putCloseable("requestId", id)) {
                problems.write(request, response, browsing.reject());
            }
        } else {
            getNext().invoke(request, response);
        }
    }
}
