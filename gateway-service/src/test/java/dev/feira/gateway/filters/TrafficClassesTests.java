package dev.feira.gateway.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.feira.gateway.problem.ProblemException;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TrafficClassesTests {

    private final BulkheadRegistry bulkheads = BulkheadRegistry.of(BulkheadConfig.custom()
            .maxConcurrentCalls(1)
            .maxWaitDuration(Duration.ZERO)
            .build());
    private final TrafficClasses classes;

    TrafficClassesTests() {
        bulkheads.bulkhead("checkout");
        classes = new TrafficClasses(bulkheads, new SimpleMeterRegistry());
    }

    @Test
    void returns429WhenTheTrafficClassIsFull() throws Exception {
        var response = classes.filter("checkout", Requests.of("GET"), request -> {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> classes.filter("checkout", request, _ -> Requests.response(200)))
                    .satisfies(e -> assertThat(e.problem().kind()).isEqualTo("overloaded"));
            return Requests.response(200);
        });

        assertThat(response.statusCode().value()).isEqualTo(200);
    }

    @Test
    void releasesThePermitAfterAnError() throws Exception {
        assertThatIllegalStateException()
                .isThrownBy(() -> classes.filter("checkout", Requests.of("GET"), _ -> {
                    throw new IllegalStateException();
                }));

        assertThat(classes.filter("checkout", Requests.of("GET"), _ -> Requests.response(200))
                        .statusCode()
                        .value())
                .isEqualTo(200);
    }

    @Test
    void namesTheMissingPropertyOfAnUnknownClass() {
        assertThatNullPointerException()
                .isThrownBy(() -> classes.get("unknown"))
                .withMessageContaining("resilience4j.bulkhead.instances.unknown");
    }
}
