package dev.feira.defaults.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;

class AuditMetricTests {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AuditMetric metric = new AuditMetric("apples", "Apples that are no apples", registry);

    private double value(String name) {
        return registry.get(name).tag("audit", "apples").gauge().value();
    }

    @Test
    void nothingIsKnownBeforeTheFirstAudit() {
        assertThat(value("feira.audit.discrepancies")).isNaN();
        assertThat(value("feira.audit.checked")).isNaN();
    }

    @Test
    void whatTheLastAuditFoundIsTold() {
        metric.attempt(() -> metric.found(2, Instant.ofEpochSecond(7)));
        assertThat(value("feira.audit.discrepancies")).isEqualTo(2);
        assertThat(value("feira.audit.checked")).isEqualTo(7);

        metric.found(0, Instant.ofEpochSecond(8));
        assertThat(value("feira.audit.discrepancies")).isZero();
    }

    @Test
    void aDatabaseThatDoesNotServeLeavesNothingKnown() {
        metric.found(0, Instant.EPOCH);
        metric.attempt(() -> {
            throw new QueryTimeoutException("it takes too long");
        });
        assertThat(value("feira.audit.discrepancies")).isNaN();
        assertThat(value("feira.audit.checked")).isNaN();
    }

    @Test
    void soDoesAFaultOfOursWhichIsNotHidden() {
        metric.found(0, Instant.EPOCH);
        assertThatIllegalStateException()
                .isThrownBy(() -> metric.attempt(() -> {
                    throw new IllegalStateException("a fault of ours");
                }));
        assertThat(value("feira.audit.discrepancies")).isNaN();
    }
}
