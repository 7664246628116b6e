package dev.feira.gateway.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.feira.gateway.problem.ProblemException;
import dev.feira.gateway.routing.UpstreamException;
import dev.feira.gateway.routing.UpstreamException.Kind;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.function.ServerResponse;

class ServiceCircuitBreakersTests {

    private final CircuitBreakerRegistry registry = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
            .minimumNumberOfCalls(2)
            .slidingWindowSize(2)
            .build());
    private final ServiceCircuitBreakers breakers = new ServiceCircuitBreakers(registry);

    private void call(Supplier<ServerResponse> service) {
        try {
            breakers.create("orders").run(service);
        } catch (UpstreamException expected) {
            assertThat(expected).isNotNull();
        }
    }

    private static Supplier<ServerResponse> without(Kind kind) {
        return () -> {
            throw new UpstreamException(kind, null);
        };
    }

    private State state() {
        return registry.circuitBreaker("orders").getState();
    }

    @Test
    void opensAfterFailuresAndThenRejectsCalls() {
        call(() -> Requests.response(500));
        call(without(Kind.BROKEN));

        assertThat(state()).isEqualTo(State.OPEN);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> breakers.create("orders").run(() -> Requests.response(200)))
                .satisfies(e -> assertThat(e.problem().kind()).isEqualTo("service-unavailable"));
    }

    @Test
    void returnsTheServicesOwnErrorResponse() {
        assertThat(breakers.create("orders")
                        .run(() -> Requests.response(500))
                        .statusCode()
                        .value())
                .isEqualTo(500);
    }

    @Test
    void doesNotCountClientErrorsOrTheGatewaysOwnLimits() {
        call(() -> Requests.response(404));
        call(() -> Requests.response(503));
        call(without(Kind.NO_CONNECTION));
        call(without(Kind.NO_CONNECTION));

        assertThat(state()).isEqualTo(State.CLOSED);
    }
}
