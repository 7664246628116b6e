package dev.feira.gateway.limits;

import dev.feira.gateway.limits.RateLimiter.Policy;
import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits what has no route: all requests of an address, and those to the gateway's own endpoints. Routes limit theirs by
 * the filter {@code RateLimit}. A page loads a hundred modules and pictures at once, so only the limit of its address
 * applies to those.
 */
public class RateLimitFilter extends OncePerRequestFilter {

    private static final String SIGN_IN = "/login"; // reading it creates a session in the database
    private static final Set<String> OWN_ENDPOINTS = Set.of(SIGN_IN, "/logout", "/session", "/platform/");

    private final RateLimiter limiter;

    public RateLimitFilter(RateLimiter limiter) {
        this.limiter = limiter;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (RateLimiter.literal(request.getRemoteAddr()) == null) { // Tomcat takes any text of a trusted proxy
            throw new ProblemException(GatewayProblem.invalid(
                    "The client's entry in X-Forwarded-For must be an IP address without a port."));
        }
        limiter.takeOfAddress(request, response);
        var path = request.getServletPath();
        if (OWN_ENDPOINTS.stream().anyMatch(path::startsWith)) {
            limiter.take(path.equals(SIGN_IN) ? Policy.SIGN_IN : Policy.REQUESTS, request, response);
        }
        chain.doFilter(request, response);
    }
}
