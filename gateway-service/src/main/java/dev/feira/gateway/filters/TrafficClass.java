package dev.feira.gateway.filters;

import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** A bulkhead that also reports whether a further request would wait for a permit without getting one. */
final class TrafficClass {

    /**
     * How long requests need not wait after one was rejected: waiting for nothing costs all the work before it. Short, so
     * that requests are served again soon after the overload.
     */
    static final Duration SATURATED = Duration.ofMillis(250);

    /** A permit; closed once. */
    interface Permit extends AutoCloseable {

        @Override
        void close();
    }

    private final Bulkhead bulkhead;
    private final Counter rejected;
    private final LongSupplier nanoTime;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile long saturatedUntil;

    TrafficClass(Bulkhead bulkhead, MeterRegistry metrics, LongSupplier nanoTime) {
        this.bulkhead = bulkhead;
        this.nanoTime = nanoTime;
        this.saturatedUntil = nanoTime.getAsLong();
        this.rejected = metrics.counter("feira.gateway.shed", "traffic", name());
        Gauge.builder("feira.gateway.permits.used", this, traffic -> traffic.limit() - traffic.available())
                .tag("traffic", name())
                .register(metrics);
        Gauge.builder("feira.gateway.permits.waiting", waiting, AtomicInteger::get)
                .tag("traffic", name())
                .register(metrics);
    }

    String name() {
        return bulkhead.getName();
    }

    /**
     * Takes a permit, waiting as long as the bulkhead allows.
     *
     * @throws ProblemException 429 {@code overloaded} when none is free by then
     */
    Permit acquire() {
        waiting.incrementAndGet();
        try {
            if (!bulkhead.tryAcquirePermission()) {
                throw new ProblemException(reject());
            }
            return bulkhead::releasePermission;
        } finally {
            waiting.decrementAndGet();
        }
    }

    /**
     * Returns whether the next request would wait for nothing: as many wait as hold a permit, or one was rejected a
     * moment ago and no permit is free yet.
     */
    boolean isSaturated() {
        return waiting.get() >= limit() || available() == 0 && nanoTime.getAsLong() - saturatedUntil < 0;
    }

    /** Counts a rejected request and returns its problem. */
    GatewayProblem reject() {
        saturatedUntil = nanoTime.getAsLong() + SATURATED.toNanos();
        rejected.increment();
        return GatewayProblem.overloaded(Duration.ofSeconds(1));
    }

    private int limit() {
        return bulkhead.getMetrics().getMaxAllowedConcurrentCalls();
    }

    private int available() {
        return bulkhead.getMetrics().getAvailableConcurrentCalls();
    }
}
