package dev.feira.defaults.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class AuditAutoConfigurationTests {

    private final ApplicationContextRunner service = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(AuditAutoConfiguration.class))
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new);

    private static final class FileAudit implements Audit {

        private record Report(Instant checkedAt, List<String> discrepancies) implements Audit.Report {}

        @Override
        public String name() {
            return "files";
        }

        @Override
        public String description() {
            return "Files without an owner";
        }

        @Override
        public Duration interval() {
            return Duration.ofMinutes(5);
        }

        @Override
        public Audit.Report check() {
            return new Report(Instant.EPOCH, List.of());
        }
    }

    @Test
    void runsAuditOfServiceWithoutDatabase() {
        service.withClassLoader(new FilteredClassLoader(Flyway.class))
                .withBean(Audit.class, FileAudit::new)
                .run(context -> {
                    context.getBean(AuditRunner.class).runScheduled();
                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("feira.audit.discrepancies")
                                    .gauge()
                                    .value())
                            .isZero();
                });
    }

    @Test
    void addsNoRunnerWithoutAudit() {
        service.run(context -> assertThat(context).doesNotHaveBean(AuditRunner.class));
    }
}
