package dev.feira.defaults.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Compares records that must agree. A service supplies one as a bean; {@link AuditRunner} runs it. */
public interface Audit {

    /** Returns what is audited: the tag {@code audit} of the metrics. */
    String name();

    /** Returns what a discrepancy is: the description of the metric. */
    String description();

    /** Returns the time between two runs. */
    Duration interval();

    /** Returns the time from the start of the service to the first run. */
    default Duration initialDelay() {
        return Duration.ZERO;
    }

    /** Compares the records now. */
    Report check();

    /** The result of an audit. */
    interface Report {

        /** Returns when the audit began. */
        Instant checkedAt();

        /** Returns the records that do not agree. */
        List<?> discrepancies();

        /** Returns whether all records agree. */
        default boolean isBalanced() {
            return discrepancies().isEmpty();
        }
    }
}
