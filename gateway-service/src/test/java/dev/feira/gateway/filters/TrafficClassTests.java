package dev.feira.gateway.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.feira.gateway.problem.ProblemException;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TrafficClassTests {

    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE); // as System.nanoTime it may be anywhere, and overflow

    private final TrafficClass browsing = new TrafficClass(
            Bulkhead.of(
                    "browsing",
                    BulkheadConfig.custom()
                            .maxConcurrentCalls(1)
                            .maxWaitDuration(Duration.ofMillis(1))
                            .build()),
            new SimpleMeterRegistry(),
            now::get);

    @Test
    void isSaturatedForAShortTimeAfterARejectedRequest() {
        var permit = browsing.acquire();
        assertThat(browsing.isSaturated()).isFalse();

        isRejected();
        assertThat(browsing.isSaturated()).isTrue();
        now.addAndGet(TrafficClass.SATURATED.toNanos());
        assertThat(browsing.isSaturated()).as("a request may wait again").isFalse();

        isRejected();
        now.addAndGet(TrafficClass.SATURATED.toNanos() / 2);
        browsing.reject();
        now.addAndGet(TrafficClass.SATURATED.toNanos() / 2);
        assertThat(browsing.isSaturated()).as("others are still rejected").isTrue();
        permit.close();
        assertThat(browsing.isSaturated()).as("a permit is free").isFalse();
    }

    private void isRejected() {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(browsing::acquire);
    }
}
