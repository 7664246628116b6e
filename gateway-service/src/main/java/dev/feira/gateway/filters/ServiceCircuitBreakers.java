package dev.feira.gateway.filters;

import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import dev.feira.gateway.routing.ServiceResponses;
import dev.feira.gateway.routing.UpstreamException;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.circuitbreaker.CircuitBreaker;
import org.springframework.cloud.client.circuitbreaker.CircuitBreakerFactory;
import org.springframework.cloud.client.circuitbreaker.ConfigBuilder;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Gives Spring Cloud Gateway's {@code CircuitBreaker} filter the breakers of Resilience4j's registry, as {@code
 * application.yaml} configures them. Spring Cloud's own factory builds on Resilience4j's module for Spring Boot 3, and
 * runs each call under a time limit of its own. This one also returns a service's 500 unchanged. A full connection pool
 * of the gateway does not count as a failure of the service (docs/decisions/0014).
 */
@Component
class ServiceCircuitBreakers extends CircuitBreakerFactory<CircuitBreakerConfig, ConfigBuilder<CircuitBreakerConfig>> {

    private static final Logger log = LoggerFactory.getLogger(ServiceCircuitBreakers.class);

    private final CircuitBreakerRegistry registry;

    ServiceCircuitBreakers(CircuitBreakerRegistry registry) {
        this.registry = registry;
    }

    /** Returns the breaker of this name, which throws its exceptions instead of calling a fallback. */
    @Override
    public CircuitBreaker create(String name) {
        return new ServiceCircuitBreaker(registry.circuitBreaker(name));
    }

    @Override
    protected ConfigBuilder<CircuitBreakerConfig> configBuilder(String name) {
        throw new UnsupportedOperationException("Breakers are configured under resilience4j.circuitbreaker.");
    }

    @Override
    public void configureDefault(Function<String, CircuitBreakerConfig> configuration) {
        throw new UnsupportedOperationException("Breakers are configured under resilience4j.circuitbreaker.");
    }

    private record ServiceCircuitBreaker(io.github.resilience4j.circuitbreaker.CircuitBreaker breaker)
            implements CircuitBreaker {

        @Override
        public <T> T run(Supplier<T> call, Function<@Nullable Throwable, T> fallback) {
            if (!breaker.tryAcquirePermission()) {
                throw new ProblemException(GatewayProblem.unavailable(
                        "The service is unavailable. Retry after 2 seconds.", Duration.ofSeconds(2)));
            }
            var start = breaker.getCurrentTimestamp();
            try {
                var result = call.get();
                if (result instanceof ServerResponse response && ServiceResponses.isFailure(response)) {
                    failed(start, new IOException("status " + response.statusCode()));
                } else {
                    breaker.onSuccess(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit());
                }
                return result;
            } catch (UpstreamException e) {
                if (e.kind() == UpstreamException.Kind.NO_CONNECTION) {
                    breaker.releasePermission();
                } else {
                    failed(start, e);
                }
                log.warn("A call on route {} failed: {}", breaker.getName(), e.toString());
                throw e;
            } catch (RuntimeException e) {
                breaker.releasePermission(); // the gateway's own error
                throw e;
            }
        }

        private void failed(long start, Exception e) {
            breaker.onError(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit(), e);
        }
    }
}
