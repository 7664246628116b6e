package dev.feira.events.inbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of what this replica reads, tagged with the feed. {@code feira.feed.lag} has the seconds since the last time when nothing
 * was left to read, 0 then. {@code feira.feed.lag.events} has the events left, as far as known; {@code feira.feed.parked} the parked
 * ones.
 */
final class FeedMetrics {

    private final Clock clock;
    private volatile @Nullable Instant behindSince;
    private volatile int remaining;
    private volatile int parked;

    FeedMetrics(String feed, Clock clock, MeterRegistry meters) {
        this.clock = clock;
        Gauge.builder("feira.feed.lag", this, FeedMetrics::lag)
                .description("Time since the last moment when nothing was left to read")
                .tag("feed", feed)
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("feira.feed.lag.events", this, metrics -> metrics.remaining)
                .description("Events that are left to read")
                .tag("feed", feed)
                .register(meters);
        Gauge.builder("feira.feed.parked", this, metrics -> metrics.parked)
                .description("Events that could not be applied and wait for staff")
                .tag("feed", feed)
                .register(meters);
    }

    private double lag() {
        var since = behindSince;
        return since == null ? 0 : Duration.between(since, clock.instant()).toMillis() / 1000.0;
    }

    /** Notes how many events are left to read. */
    void remaining(int events) {
        remaining = events;
        if (events == 0) {
            behindSince = null;
        }
    }

    /** Notes how many events are left after the first of a batch, which happened at a time. */
    void remaining(int events, Instant firstAt) {
        remaining(events);
        if (events > 0 && behindSince == null) {
            behindSince = firstAt;
        }
    }

    /** Notes that nothing can be read at the moment. */
    void failed() {
        if (behindSince == null) {
            behindSince = clock.instant();
        }
    }

    void parked(int events) {
        parked = events;
    }

    /** Shows nothing: another replica reads the feed. */
    void standby() {
        remaining(0);
        parked = 0;
    }
}
