package dev.feira.gateway.limits;

import dev.feira.gateway.limits.LimitProperties.Limit;
import dev.feira.gateway.login.Callers;
import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import io.github.bucket4j.ConsumptionProbe;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Limits the requests of each client, and returns how many it has left.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/">draft-ietf-httpapi-ratelimit-headers-10,
 *     RateLimit header fields for HTTP</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6585#section-4">RFC 6585, section 4: 429</a>
 */
@Component
public class RateLimiter {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final int IPV6_NETWORK_BYTES = 8;

    private final LimitProperties settings;
    private final RateLimits limits;
    private final Callers callers;
    private final MeterRegistry metrics;

    RateLimiter(LimitProperties settings, RateLimits limits, Callers callers, MeterRegistry metrics) {
        this.settings = settings;
        this.limits = limits;
        this.callers = callers;
        this.metrics = metrics;
    }

    /** What a request counts as. */
    public enum Policy {
        /** {@code browsing} or {@code writing}, by its method; of a user, or else of an address. */
        REQUESTS,
        /** Of an address, at all replicas. */
        SIGN_IN,
        /** Of an address, at all replicas. */
        REGISTRATION
    }

    /**
     * Counts a request, and sets the headers that describe the limit.
     *
     * @throws ProblemException 429 {@code rate-limited} beyond the limit
     */
    public void take(Policy policy, HttpServletRequest request, HttpServletResponse response) {
        if (!settings.enabled()) {
            return;
        }
        switch (policy) {
            case SIGN_IN -> takeShared("sign-in", settings.signIn(), request, response);
            case REGISTRATION -> takeShared("registration", settings.registration(), request, response);
            case REQUESTS -> {
                var reading = READING.contains(request.getMethod());
                var name = reading ? "browsing" : "writing";
                var limit = reading ? settings.browsing() : settings.writing();
                var client = callers.subject(request).map("user "::concat).orElseGet(() -> network(request));
                describe(response, name, limit, limits.takeOwn(name, limit, client));
            }
        }
    }

    private void takeShared(String name, Limit limit, HttpServletRequest request, HttpServletResponse response) {
        describe(response, name, limit, limits.takeShared(name, limit, network(request)));
    }

    /** Counts any request of an address; as long as it has some left, the headers describe another limit. */
    void takeOfAddress(HttpServletRequest request, HttpServletResponse response) {
        if (settings.enabled()) {
            var taken = limits.takeOwn("address", settings.address(), network(request));
            if (!taken.isConsumed()) {
                describe(response, "address", settings.address(), taken);
            }
        }
    }

    /**
     * Writes quota and window in whole seconds, the remaining requests, and the seconds until the quota is full again.
     *
     * @throws ProblemException 429 if none was left
     */
    private void describe(HttpServletResponse response, String name, Limit limit, ConsumptionProbe taken) {
        response.setHeader(
                "RateLimit-Policy",
                "\"%s\";q=%d;w=%d"
                        .formatted(
                                name, limit.requests(), Math.max(1, limit.per().toSeconds())));
        response.setHeader(
                "RateLimit",
                "\"%s\";r=%d;t=%d"
                        .formatted(
                                name,
                                taken.getRemainingTokens(),
                                Duration.ofNanos(taken.getNanosToWaitForReset())
                                        .plusMillis(999)
                                        .toSeconds()));
        if (!taken.isConsumed()) {
            metrics.counter("feira.gateway.limited", "policy", name).increment();
            throw new ProblemException(new GatewayProblem(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "rate-limited",
                    "Too many requests. Retry after the time in Retry-After.",
                    Duration.ofNanos(taken.getNanosToWaitForRefill())));
        }
    }

    /** Returns the client's address, or its /64 network of IPv6: one household has all of it. */
    private static String network(HttpServletRequest request) {
        var address = request.getRemoteAddr();
        return literal(address) instanceof Inet6Address ipv6
                ? HexFormat.of().formatHex(Arrays.copyOf(ipv6.getAddress(), IPV6_NETWORK_BYTES)) + "::/64"
                : address;
    }

    /** Returns the IP address of a text, or null if it is none; looks nothing up. */
    static @Nullable InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text.replaceFirst("%.*", "")); // a scope names an interface of this machine
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
