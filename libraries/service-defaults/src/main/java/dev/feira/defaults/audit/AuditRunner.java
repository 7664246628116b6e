package dev.feira.defaults.audit;

import dev.feira.defaults.database.DatabaseMigration;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/**
 * Runs a service's audit at its interval and keeps the last report for two metrics: {@code feira.audit.discrepancies}, and
 * {@code feira.audit.checked} in seconds since 1970. Both are NaN before the first run and after a run that failed.
 */
public final class AuditRunner implements SchedulingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(AuditRunner.class);

    private final Audit audit;
    private final @Nullable DatabaseMigration migration;
    private volatile Audit.@Nullable Report last;

    /** Creates the runner of an audit; {@code migration} is null in a service without a database. */
    public AuditRunner(Audit audit, @Nullable DatabaseMigration migration, MeterRegistry registry) {
        this.audit = audit;
        this.migration = migration;
        Gauge.builder("feira.audit.discrepancies", this, AuditRunner::discrepancies)
                .description(audit.description() + ", at the last audit; NaN where it failed")
                .tag("audit", audit.name())
                .register(registry);
        Gauge.builder("feira.audit.checked", this, AuditRunner::checkedAt)
                .description("When the last audit was made; NaN where it failed")
                .tag("audit", audit.name())
                .baseUnit("seconds")
                .register(registry);
    }

    private double discrepancies() {
        var report = last;
        return report == null ? Double.NaN : report.discrepancies().size();
    }

    private double checkedAt() {
        var report = last;
        return report == null ? Double.NaN : report.checkedAt().getEpochSecond();
    }

    /**
     * Runs a check now, publishes its report and logs discrepancies or a failure.
     *
     * @param check the audit's own check, or a more thorough one
     */
    public <R extends Audit.Report> R run(Supplier<R> check) {
        R report;
        try {
            report = check.get();
        } catch (RuntimeException | Error e) {
            last = null; // an older report says nothing about the present
            log.warn("The audit of {} failed", audit.name(), e);
            throw e;
        }
        last = report;
        if (!report.isBalanced()) {
            log.error(
                    "The audit of {} found {} discrepancies: {}",
                    audit.name(),
                    report.discrepancies().size(),
                    report.discrepancies());
        }
        return report;
    }

    /** Runs the audit's check, unless the migration is not done; a failure only waits for the next run. */
    public void runScheduled() {
        if (migration != null && !migration.isDone()) {
            return;
        }
        try {
            run(audit::check);
        } catch (RuntimeException _) {
            // logged by run
        }
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar tasks) {
        tasks.addFixedDelayTask(new FixedDelayTask(this::runScheduled, audit.interval(), audit.initialDelay()));
    }
}
