package dev.feira.gateway.filters;

import dev.feira.gateway.routing.ServiceResponses;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Limits how many requests of a class of traffic are under way, by a Resilience4j bulkhead each: catalog reads that
 * overflow are rejected, and cannot take the permits of checkout. The library has no such filter.
 */
@Component
class TrafficClasses {

    /** Reads that only wait for an order to change have permits of their own. */
    private static final String WAITING = "waiting";

    private static final String CALLBACK = TrafficClasses.class.getName();

    private final Map<String, TrafficClass> classes;

    TrafficClasses(BulkheadRegistry bulkheads, MeterRegistry metrics) {
        this.classes = bulkheads.getAllBulkheads().stream()
                .map(bulkhead -> new TrafficClass(bulkhead, metrics, System::nanoTime))
                .collect(Collectors.toMap(TrafficClass::name, Function.identity()));
    }

    /** Returns the class of the bulkhead with this name. */
    TrafficClass get(String name) {
        return Objects.requireNonNull(
                classes.get(name), () -> "resilience4j.bulkhead.instances." + name + " is missing");
    }

    /**
     * Handles the request while it holds a permit. A body that streams keeps the permit until its end; a client that
     * reads a complete one slowly does not.
     */
    ServerResponse filter(String name, ServerRequest request, HandlerFunction<ServerResponse> next) throws Exception {
        var waits = ServiceResponses.isSafe(request) && !PreferWait.of(request).isZero();
        var permit = get(waits ? WAITING : name).acquire();
        var streams = false;
        try {
            var response = next.handle(request);
            streams = ServiceResponses.isStreaming(request);
            if (streams) {
                RequestContextHolder.currentRequestAttributes()
                        .registerDestructionCallback(
                                CALLBACK, () -> end(request, permit), RequestAttributes.SCOPE_REQUEST);
            }
            return response;
        } finally {
            if (!streams) {
                permit.close();
            }
        }
    }

    /** Runs when the body has been written, or is not wanted: 304. */
    private static void end(ServerRequest request, TrafficClass.Permit permit) {
        try (permit) {
            ServiceResponses.close(request);
        }
    }
}
