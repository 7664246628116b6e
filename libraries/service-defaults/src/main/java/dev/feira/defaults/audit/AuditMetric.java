package dev.feira.defaults.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * What the last audit of a service found: {@code feira.audit.discrepancies}, and {@code feira.audit.checked} in seconds since
 * 1970. Both are NaN before the first audit and after one that failed: what was right a while ago says nothing about now.
 */
public final class AuditMetric {

    private static final Logger log = LoggerFactory.getLogger(AuditMetric.class);

    private record Found(double discrepancies, double checkedAt) {}

    private static final Found NOTHING_KNOWN = new Found(Double.NaN, Double.NaN);

    private final String audit;
    private volatile Found last = NOTHING_KNOWN;

    /**
     * @param audit what is audited, the metrics' tag {@code audit}
     * @param discrepancies what is counted, for who reads the metric
     */
    public AuditMetric(String audit, String discrepancies, MeterRegistry registry) {
        this.audit = audit;
        Gauge.builder("feira.audit.discrepancies", this, metric -> metric.last.discrepancies)
                .description(discrepancies + ", at the last audit; NaN where it failed")
                .tag("audit", audit)
                .register(registry);
        Gauge.builder("feira.audit.checked", this, metric -> metric.last.checkedAt)
                .description("When the last audit was made; NaN where it failed")
                .tag("audit", audit)
                .baseUnit("seconds")
                .register(registry);
    }

    /** An audit was made. */
    public void found(int discrepancies, Instant checkedAt) {
        last = new Found(discrepancies, checkedAt.getEpochSecond());
    }

    /** An audit could not be made. */
    public void failed() {
        last = NOTHING_KNOWN;
    }

    /**
     * Makes an audit that nobody waits for. A database that does not serve is logged, and no more: the next one is made in
     * time.
     *
     * @param check makes it, and notes what it {@link #found}
     */
    public void attempt(Runnable check) {
        try {
            check.run();
        } catch (DataAccessException | TransactionException e) {
            failed();
            log.warn("The audit of {} could not be made, this is tried again: {}", audit, e.getMessage());
        } catch (RuntimeException e) {
            failed();
            throw e;
        }
    }
}
