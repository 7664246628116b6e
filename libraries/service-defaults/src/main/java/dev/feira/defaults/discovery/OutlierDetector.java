package dev.feira.defaults.discovery;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Ejects an instance from load balancing after failures in a row. Round robin would send a failing instance of two every
 * other call.
 */
public final class OutlierDetector {

    /** An instance that has not failed for this long may have ended. */
    private static final long KEEP_NANOS = Duration.ofMinutes(10).toNanos();

    private final int failures;
    private final long ejectionNanos;
    private final LongSupplier nanoTime;
    private final Map<String, State> states = new ConcurrentHashMap<>();

    private record State(int failuresInARow, long lastNanos) {}

    /**
     * Creates a detector.
     *
     * @param failures how many failures in a row eject an instance
     * @param ejection how long it is ejected after the last failure
     */
    public OutlierDetector(int failures, Duration ejection) {
        this(failures, ejection, System::nanoTime);
    }

    OutlierDetector(int failures, Duration ejection, LongSupplier nanoTime) {
        this.failures = failures;
        this.ejectionNanos = ejection.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Returns whether calls should avoid this {@code host:port}. */
    public boolean isEjected(String instance) {
        var state = states.get(instance);
        return state != null
                && state.failuresInARow >= failures
                && nanoTime.getAsLong() - state.lastNanos < ejectionNanos;
    }

    /** Records a call that did not reach the instance: it is ejected at once. */
    public void notReached(String instance) {
        var now = removeOld();
        states.put(instance, new State(failures, now));
    }

    /** Records a failed call. */
    public void failed(String instance) {
        var now = removeOld();
        states.compute(instance, (_, before) -> new State(before == null ? 1 : before.failuresInARow + 1, now));
    }

    private long removeOld() {
        var now = nanoTime.getAsLong();
        states.values().removeIf(state -> now - state.lastNanos > KEEP_NANOS);
        return now;
    }

    /** Records a call that did not fail. */
    public void responded(String instance) {
        states.remove(instance);
    }
}
