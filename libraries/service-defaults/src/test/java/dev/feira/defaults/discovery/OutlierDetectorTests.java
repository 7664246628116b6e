package dev.feira.defaults.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutlierDetectorTests {

    private static final String INSTANCE = "10.0.0.1:8081";

    private long nanos = Long.MAX_VALUE; // overflows, as System.nanoTime may
    private final OutlierDetector outliers = new OutlierDetector(3, Duration.ofSeconds(2), () -> nanos);

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private void fail(int times) {
        for (var i = 0; i < times; i++) {
            outliers.failed(INSTANCE);
        }
    }

    @Test
    void ejectsInstanceAfterFailuresInARow() {
        fail(2);
        assertThat(outliers.isEjected(INSTANCE)).isFalse();
        fail(1);
        assertThat(outliers.isEjected(INSTANCE)).isTrue();
        assertThat(outliers.isEjected("10.0.0.2:8081")).isFalse();
    }

    @Test
    void ejectsUnreachableInstanceAtOnce() {
        outliers.notReached(INSTANCE);
        assertThat(outliers.isEjected(INSTANCE)).isTrue();
    }

    @Test
    void readmitsInstanceAfterEjectionUntilItFailsAgain() {
        fail(3);
        pass(Duration.ofSeconds(2));
        assertThat(outliers.isEjected(INSTANCE)).isFalse();
        fail(1);
        assertThat(outliers.isEjected(INSTANCE)).isTrue();
    }

    @Test
    void resetsCountAfterResponse() {
        fail(2);
        outliers.responded(INSTANCE);
        fail(2);
        assertThat(outliers.isEjected(INSTANCE)).isFalse();
    }

    @Test
    void resetsCountAfterTenMinutes() {
        fail(2);
        pass(Duration.ofMinutes(11));
        fail(1);
        assertThat(outliers.isEjected(INSTANCE)).isFalse();
    }
}
