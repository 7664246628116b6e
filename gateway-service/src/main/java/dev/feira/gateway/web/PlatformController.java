package dev.feira.gateway.web;

import dev.feira.gateway.routing.Instances;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.cloud.gateway.server.mvc.config.GatewayMvcProperties;
import org.springframework.cloud.gateway.server.mvc.config.RouteProperties;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows staff the instances and breakers. The numbers are those of the replica that responds. */
@RestController
class PlatformController {

    private final GatewayMvcProperties routes;
    private final Instances instances;
    private final CircuitBreakerRegistry breakers;
    private final Clock clock;
    private final String replica;

    PlatformController(
            GatewayMvcProperties routes,
            Instances instances,
            CircuitBreakerRegistry breakers,
            Clock clock,
            @Value("${HOSTNAME:gateway}") String replica) {
        this.routes = routes;
        this.instances = instances;
        this.breakers = breakers;
        this.clock = clock;
        this.replica = replica;
    }

    record PlatformResponse(String replica, Instant at, List<Service> services, List<Breaker> breakers) {

        record Service(String name, List<Instances.Report> instances) {}

        /**
         * A route's circuit breaker.
         *
         * @param failureRate percent of the last calls, -1 with too few calls
         */
        record Breaker(String route, String state, float failureRate, int calls, long refused) {

            static Breaker of(CircuitBreaker breaker) {
                var metrics = breaker.getMetrics();
                return new Breaker(
                        breaker.getName(),
                        breaker.getState().name(),
                        metrics.getFailureRate(),
                        metrics.getNumberOfBufferedCalls(),
                        metrics.getNumberOfNotPermittedCalls());
            }
        }
    }

    @GetMapping("/platform/instances")
    PlatformResponse instances() {
        var services = routes.getRoutes().stream()
                .map(RouteProperties::getUri)
                .filter(Objects::nonNull)
                .map(URI::getHost)
                .distinct()
                .sorted()
                .map(name -> new PlatformResponse.Service(name, instances.report(name)))
                .toList();
        routes.getRoutes().stream()
                .map(RouteProperties::getId)
                .filter(Objects::nonNull)
                .forEach(breakers::circuitBreaker); // a breaker is created with its first call
        var states = breakers.getAllCircuitBreakers().stream()
                .sorted(Comparator.comparing(CircuitBreaker::getName))
                .map(PlatformResponse.Breaker::of)
                .toList();
        return new PlatformResponse(replica, clock.instant(), services, states);
    }
}
