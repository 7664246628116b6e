package dev.feira.gateway.limits;

import dev.feira.gateway.login.Callers;
import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemWriter;
import io.github.bucket4j.ConsumptionProbe;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits the requests of each client, and returns how many it has left.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/">draft-ietf-httpapi-ratelimit-headers-10,
 *     RateLimit header fields for HTTP</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6585#section-4">RFC 6585, section 4: 429</a>
 */
@Component
public class RateLimitFilter extends OncePerRequestFilter {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> SIGN_IN =
            Set.of("/id/login", "/id/activate", "/id/activate/decision", "/id/oauth2/device_authorization");
    /** Reading one of these creates a session in a database. */
    private static final Set<String> SIGN_IN_PAGES =
            Set.of("/login", "/id/login", "/id/logout", "/id/activate", "/id/oauth2/authorize");
    /** Where programs respond; everything else is a file. */
    private static final Set<String> DYNAMIC =
            Set.of("/api/", "/id/", "/login", "/logout", "/session", "/platform/", "/openapi/", "/payment-simulator/");

    private static final int IPV6_NETWORK_BYTES = 8;

    private final LimitProperties settings;
    private final RateLimits limits;
    private final Callers callers;
    private final ProblemWriter problems;
    private final MeterRegistry metrics;

    RateLimitFilter(
            LimitProperties settings,
            RateLimits limits,
            Callers callers,
            ProblemWriter problems,
            MeterRegistry metrics) {
        this.settings = settings;
        this.limits = limits;
        this.callers = callers;
        this.problems = problems;
        this.metrics = metrics;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !settings.enabled();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var address = network(request.getRemoteAddr());
        var all = limits.takeOwn("address", settings.address(), address);
        if (!all.isConsumed()) {
            reject(request, response, "address", settings.address(), all);
            return;
        }
        var path = request.getServletPath();
        if (isPartOfAPage(path)) {
            chain.doFilter(request, response);
            return;
        }
        var reading = READING.contains(request.getMethod());
        String policy;
        LimitProperties.Limit limit;
        ConsumptionProbe taken;
        if ((reading ? SIGN_IN_PAGES : SIGN_IN).contains(path)) {
            policy = "sign-in";
            limit = settings.signIn();
            taken = limits.takeShared(policy, limit, address);
        } else if (!reading && (path.equals("/api/users") || path.equals("/api/users/"))) {
            policy = "registration";
            limit = settings.registration();
            taken = limits.takeShared(policy, limit, address);
        } else {
            policy = reading ? "browsing" : "writing";
            limit = reading ? settings.browsing() : settings.writing();
            taken = limits.takeOwn(
                    policy, limit, callers.subject(request).map("user "::concat).orElse(address));
        }
        if (!taken.isConsumed()) {
            reject(request, response, policy, limit, taken);
            return;
        }
        describe(response, policy, limit, taken);
        chain.doFilter(request, response);
    }

    /** A page loads a hundred modules and pictures at once; the limit of its address applies to those. */
    private static boolean isPartOfAPage(String path) {
        return path.startsWith("/api/pictures/")
                || path.startsWith("/id/assets/")
                || DYNAMIC.stream().noneMatch(path::startsWith);
    }

    private void reject(
            HttpServletRequest request,
            HttpServletResponse response,
            String policy,
            LimitProperties.Limit limit,
            ConsumptionProbe taken)
            throws IOException {
        metrics.counter("feira.gateway.limited", "policy", policy).increment();
        describe(response, policy, limit, taken);
        problems.write(
                request,
                response,
                new GatewayProblem(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "rate-limited",
                        "Too many requests. Retry after the time in Retry-After.",
                        Duration.ofNanos(taken.getNanosToWaitForRefill())));
    }

    /** Writes quota and window in whole seconds, the remaining requests, and the seconds until the quota is full again. */
    private static void describe(
            HttpServletResponse response, String policy, LimitProperties.Limit limit, ConsumptionProbe taken) {
        response.setHeader(
                "RateLimit-Policy",
                "\"%s\";q=%d;w=%d"
                        .formatted(
                                policy,
                                limit.requests(),
                                Math.max(1, limit.per().toSeconds())));
        response.setHeader(
                "RateLimit",
                "\"%s\";r=%d;t=%d"
                        .formatted(
                                policy,
                                taken.getRemainingTokens(),
                                Duration.ofNanos(taken.getNanosToWaitForReset())
                                        .plusMillis(999)
                                        .toSeconds()));
    }

    /** Returns the /64 network of an IPv6 address: one household has all of it. */
    private static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            var bytes = InetAddress.getByName(address).getAddress(); // a literal: nothing is looked up
            return bytes.length == 4
                    ? address
                    : HexFormat.of().formatHex(Arrays.copyOf(bytes, IPV6_NETWORK_BYTES)) + "::/64";
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
