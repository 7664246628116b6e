package dev.feira.defaults.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import dev.feira.defaults.database.DatabaseMigration;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

@ExtendWith(OutputCaptureExtension.class)
class AuditRunnerTests {

    private record Report(Instant checkedAt, List<String> discrepancies) implements Audit.Report {}

    private static final Report BALANCED = new Report(Instant.ofEpochSecond(8), List.of());
    private static final Report UNBALANCED = new Report(Instant.ofEpochSecond(7), List.of("a pear", "a plum"));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DatabaseMigration migration = mock();
    private Supplier<Report> check = () -> BALANCED;
    private final AuditRunner runner = new AuditRunner(new AppleAudit(), migration, registry);

    private final class AppleAudit implements Audit {

        @Override
        public String name() {
            return "apples";
        }

        @Override
        public String description() {
            return "Fruits that are not apples";
        }

        @Override
        public Duration interval() {
            return Duration.ofMinutes(5);
        }

        @Override
        public Report check() {
            return check.get();
        }
    }

    @BeforeEach
    void migrate() {
        given(migration.isDone()).willReturn(true);
    }

    private double value(String name) {
        return registry.get(name).tag("audit", "apples").gauge().value();
    }

    private void assertUnknown() {
        assertThat(value("feira.audit.discrepancies")).isNaN();
        assertThat(value("feira.audit.checked")).isNaN();
    }

    @Test
    void publishesNaNBeforeTheFirstRun() {
        assertUnknown();
    }

    @Test
    void doesNotRunBeforeTheMigrationIsDone() {
        given(migration.isDone()).willReturn(false);

        runner.runScheduled();

        assertUnknown();
    }

    @Test
    void publishesAndLogsTheLastReport(CapturedOutput output) {
        check = () -> UNBALANCED;
        runner.runScheduled();
        assertThat(value("feira.audit.discrepancies")).isEqualTo(2);
        assertThat(value("feira.audit.checked")).isEqualTo(7);
        assertThat(output).contains("The audit of apples found 2 discrepancies: [a pear, a plum]");

        assertThat(runner.run(() -> BALANCED)).isSameAs(BALANCED);
        assertThat(value("feira.audit.discrepancies")).isZero();
        assertThat(value("feira.audit.checked")).isEqualTo(8);
    }

    @Test
    void publishesNaNAndLogsWhenAScheduledRunFails(CapturedOutput output) {
        runner.run(() -> BALANCED);
        check = () -> {
            throw new QueryTimeoutException("it takes too long");
        };

        runner.runScheduled();

        assertUnknown();
        assertThat(output).contains("it takes too long");
    }

    @Test
    void publishesNaNAndThrowsWhenARequestedRunFails() {
        runner.run(() -> BALANCED);

        assertThatIllegalStateException()
                .isThrownBy(() -> runner.run(() -> {
                    throw new IllegalStateException("a bug");
                }));

        assertUnknown();
    }

    @Test
    void schedulesTheAuditAtItsInterval() {
        var tasks = new ScheduledTaskRegistrar();

        runner.configureTasks(tasks);

        assertThat(tasks.getFixedDelayTaskList()).singleElement().satisfies(task -> {
            assertThat(task.getIntervalDuration()).isEqualTo(Duration.ofMinutes(5));
            assertThat(task.getInitialDelayDuration()).isZero();
        });
    }
}
