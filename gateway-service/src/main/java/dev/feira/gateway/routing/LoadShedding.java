package dev.feira.gateway.routing;

import dev.feira.gateway.problem.Answers;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.server.mvc.config.GatewayMvcProperties;
import org.springframework.cloud.gateway.server.mvc.config.RouteProperties;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Sends browsers of the shelves away before they cost anything, once they would wait for a place in vain: the processor time
 * that refusing takes behind all the other filters is what those who are served would lack. Nobody else is refused here.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1) // behind the request's id
class LoadShedding extends OncePerRequestFilter {

    private static final String BROWSING = "browsing";
    private static final String BELOW = "/**";

    private final Budgets.Budget browsing;
    private final ObjectProvider<GatewayMvcProperties> routes;
    private final Answers answers;
    private volatile List<String> shelves = List.of();

    LoadShedding(Budgets budgets, ObjectProvider<GatewayMvcProperties> routes, Answers answers) {
        this.browsing = budgets.of(BROWSING);
        this.routes = routes;
        this.answers = answers;
    }

    /** Where the routes of this class of traffic begin. */
    @Override
    protected void initFilterBean() {
        shelves = routes.getObject().getRoutes().stream()
                .filter(route -> BROWSING.equals(route.getMetadata().get("traffic")))
                .map(LoadShedding::beginning)
                .flatMap(Optional::stream)
                .toList();
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
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (browsing.isCrowded()
                && request.getMethod().equals("GET")
                && shelves.stream().anyMatch(request.getRequestURI()::startsWith)) {
            response.setHeader("X-Content-Type-Options", "nosniff");
            answers.write(request, response, browsing.shed());
        } else {
            chain.doFilter(request, response);
        }
    }
}
