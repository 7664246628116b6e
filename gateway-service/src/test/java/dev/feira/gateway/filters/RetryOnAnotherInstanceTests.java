package dev.feira.gateway.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.feira.gateway.routing.ForwardingProperties;
import dev.feira.gateway.routing.Instances;
import dev.feira.gateway.routing.UpstreamException;
import dev.feira.gateway.routing.UpstreamException.Kind;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerResponse;

class RetryOnAnotherInstanceTests {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Instances instances = mock();
    private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
    private final AtomicInteger calls = new AtomicInteger();
    private final RetryOnAnotherInstance retries = new RetryOnAnotherInstance(
            new Binder(new MapConfigurationPropertySource(Map.of("feira.gateway.forwarding.attempts", "3")))
                    .bind("feira.gateway.forwarding", ForwardingProperties.class)
                    .get(),
            instances,
            breakers,
            new SimpleMeterRegistry());

    RetryOnAnotherInstanceTests() {
        when(instances.count(any())).thenReturn(5);
    }

    /** Fails the first calls. */
    private HandlerFunction<ServerResponse> failing(int times, HandlerFunction<ServerResponse> failure) {
        return request -> calls.incrementAndGet() <= times ? failure.handle(request) : Requests.response(200);
    }

    private static HandlerFunction<ServerResponse> broken(Kind kind) {
        return _ -> {
            throw new UpstreamException(kind, null);
        };
    }

    @Test
    void retriesGetAfterABrokenConnection() throws Exception {
        var response = retries.filter(LONG, Requests.of("GET"), failing(2, broken(Kind.BROKEN)));

        assertThat(response.statusCode().value()).isEqualTo(200);
        assertThat(calls).hasValue(3);
    }

    @Test
    void returnsTheLastResponseAfterThreeAttempts() throws Exception {
        var response = retries.filter(LONG, Requests.of("GET"), failing(9, _ -> Requests.response(500)));

        assertThat(response.statusCode().value()).isEqualTo(500);
        assertThat(calls).hasValue(3);
    }

    @Test
    void retriesPostOnlyIfTheInstanceWasNotReached() throws Exception {
        assertThat(retries.filter(LONG, Requests.of("POST"), failing(1, broken(Kind.NOT_REACHED)))
                        .statusCode()
                        .value())
                .isEqualTo(200);

        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(() -> retries.filter(LONG, Requests.of("POST"), broken(Kind.BROKEN)));
    }

    @Test
    void givesUpASlowAttemptOnlyWhileAnotherInstanceIsLeft() throws Exception {
        HandlerFunction<ServerResponse> slow = _ -> {
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS); // longer than an attempt may take
            return Requests.response(204);
        };

        assertThat(retries.filter(Duration.ofMillis(10), Requests.of("GET"), failing(1, slow))
                        .statusCode()
                        .value())
                .isEqualTo(200);

        when(instances.count(any())).thenReturn(1);
        assertThat(retries.filter(Duration.ofMillis(10), Requests.of("GET"), slow)
                        .statusCode()
                        .value())
                .isEqualTo(204);
    }

    @Test
    void doesNotRetryWhileTheBreakerIsOpen() {
        breakers.circuitBreaker("products").transitionToOpenState();

        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(() -> retries.filter(LONG, Requests.of("GET"), failing(1, broken(Kind.BROKEN))));
        assertThat(calls).hasValue(1);
    }
}
