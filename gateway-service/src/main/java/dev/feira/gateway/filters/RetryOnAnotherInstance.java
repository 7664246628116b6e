package dev.feira.gateway.filters;

import dev.feira.gateway.filters.LoadBalanced.Attempts;
import dev.feira.gateway.routing.ForwardingProperties;
import dev.feira.gateway.routing.Instances;
import dev.feira.gateway.routing.ServiceResponses;
import dev.feira.gateway.routing.UpstreamException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Calls another instance when one fails. GET, HEAD and OPTIONS are retried after any failure. Other methods are
 * retried only if the first instance was not reached and so cannot have done anything (RFC 9110, section 9.2.2).
 * Spring's {@code Retry} has no limit on the share of retries, no deadline, and repeats after a 503 with
 * {@code Retry-After}. Three attempts of each request would turn an overload into three times the load.
 */
@Component
class RetryOnAnotherInstance {

    /** An attempt with less time is not made. */
    private static final Duration SHORTEST_ATTEMPT = Duration.ofMillis(50);

    private final ForwardingProperties settings;
    private final Instances instances;
    private final CircuitBreakerRegistry breakers;
    private final MeterRegistry metrics;
    private final Map<String, RetryAllowance> allowances = new ConcurrentHashMap<>();

    RetryOnAnotherInstance(
            ForwardingProperties settings,
            Instances instances,
            CircuitBreakerRegistry breakers,
            MeterRegistry metrics) {
        this.settings = settings;
        this.instances = instances;
        this.breakers = breakers;
        this.metrics = metrics;
    }

    /**
     * Handles the request with up to {@code feira.gateway.forwarding.attempts} instances.
     *
     * @param attempt time of one instance while another could be called; a {@code Prefer: wait} is added, since an
     *     instance that waits as requested is not slow
     */
    ServerResponse filter(Duration attempt, ServerRequest request, HandlerFunction<ServerResponse> next)
            throws Exception {
        var route = Objects.<String>requireNonNull(MvcUtils.getAttribute(request, MvcUtils.GATEWAY_ROUTE_ID_ATTR));
        var allowance = allowances.computeIfAbsent(
                route, _ -> new RetryAllowance(settings.retryShare(), settings.retryReserve()));
        var attempts = Attempts.of(request);
        var isSafe = ServiceResponses.isSafe(request);
        var limit = attempt.plus(PreferWait.of(request));
        allowance.earn();
        for (var number = 1; ; number++) {
            var another = number < settings.attempts()
                    && instances.count(attempts.service()) > attempts.tried().size() + 1;
            try {
                var response = another && isSafe && allowance.isLeft()
                        ? TimeLimit.run(shorter(limit, Deadline.remaining(request)), () -> next.handle(request))
                        : next.handle(request);
                if (!(another && isSafe && ServiceResponses.mayRetry(response) && spend(route, allowance, request))) {
                    return response;
                }
                ServiceResponses.close(request);
            } catch (UpstreamException e) {
                var isRepeatable = isSafe && e.kind() != UpstreamException.Kind.NO_CONNECTION
                        || e.kind() == UpstreamException.Kind.NOT_REACHED;
                if (!(another && isRepeatable && spend(route, allowance, request))) {
                    throw e;
                }
            }
            metrics.counter("feira.gateway.retries", "route", route).increment();
        }
    }

    /** No retry while the breaker is not closed, beyond the share of the traffic, or too late. */
    private boolean spend(String route, RetryAllowance allowance, ServerRequest request) {
        var remaining = Deadline.remaining(request);
        return breakers.circuitBreaker(route).getState() == CircuitBreaker.State.CLOSED
                && (remaining == null || remaining.compareTo(SHORTEST_ATTEMPT) > 0)
                && allowance.spend();
    }

    private static Duration shorter(Duration attempt, @Nullable Duration remaining) {
        return remaining == null || attempt.compareTo(remaining) < 0 ? attempt : remaining;
    }
}
