package dev.feira.gateway.routing;

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
 * Sends browsers of the shelves away before they cost anything, once they would wait for a place in vain: the processor time
 * that refusing takes is what those who are served would lack. A valve, since the way to the first filter and the observation
 * of the request there are a good part of it; {@code feira.gateway.shed} counts them instead (docs/decisions/0013). Nobody else
 * is refused here.
 */
@Component
class LoadSheddingValve extends ValveBase implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final String BROWSING = "browsing";
    private static final String BELOW = "/**";

    private final Budgets.Budget browsing;
    private final ObjectProvider<GatewayMvcProperties> routes;
    private final ProblemWriter problems;
    private volatile List<String> shelves = List.of();

    LoadSheddingValve(Budgets budgets, ObjectProvider<GatewayMvcProperties> routes, ProblemWriter problems) {
        super(true);
        this.browsing = budgets.of(BROWSING);
        this.routes = routes;
        this.problems = problems;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(this);
    }

    /** Finds where the routes of this class of traffic begin. */
    @Override
    protected void startInternal() throws LifecycleException {
        shelves = routes.getObject().getRoutes().stream()
                .filter(route -> BROWSING.equals(route.getMetadata().get("traffic")))
                .map(LoadSheddingValve::beginning)
                .flatMap(Optional::stream)
                .toList();
        super.startInternal();
    }

    /** Of {@code Path=/api/products/**} it is {@code /api/products}. */
    private static Optional<String> beginning(RouteProperties route) {
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
        if (browsing.isCrowded()
                && request.getDispatcherType() == DispatcherType.REQUEST
                && request.getMethod().equals("GET")
                && shelves.stream().anyMatch(request.getDecodedRequestURI()::startsWith)) {
            var id = RequestIdFilter.idFor(request);
            response.setHeader(RequestIdFilter.HEADER, id);
            response.setHeader("X-Content-Type-Options", "nosniff");
            try (var _ = MDC.putCloseable("requestId", id)) {
                problems.write(request, response, browsing.shed());
            }
        } else {
            getNext().invoke(request, response);
        }
    }
}
