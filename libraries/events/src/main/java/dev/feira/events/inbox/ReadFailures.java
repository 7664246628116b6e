package dev.feira.events.inbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/** Counts consecutive failures of reading a feed: pauses grow, and one warning is logged. */
final class ReadFailures {

    static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Logger log = LoggerFactory.getLogger(ReadFailures.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration TOLERATED = Duration.ofSeconds(10);

    private final String feed;
    private final Clock clock;
    private Duration pause = FIRST_PAUSE;
    private @Nullable Instant since;
    private boolean warned;

    ReadFailures(String feed, Clock clock) {
        this.feed = feed;
        this.clock = clock;
    }

    /**
     * Notes a failure. Warns once, and not of services that start a little later.
     *
     * @return the pause before the next attempt
     */
    Duration failed(Throwable e) {
        var now = clock.instant();
        if (since == null) {
            since = now;
        }
        if (!warned && Duration.between(since, now).compareTo(TOLERATED) > 0) {
            log.warn(
                    "Cannot read the feed {}, and will try again: {}",
                    feed,
                    String.valueOf(NestedExceptionUtils.getMostSpecificCause(e)));
            warned = true;
        } else {
            log.debug("Cannot read the feed {}", feed, e);
        }
        var current = pause;
        var doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        return current;
    }

    void recovered() {
        if (warned) {
            log.info("The feed {} can be read again", feed);
        }
        since = null;
        warned = false;
        pause = FIRST_PAUSE;
    }
}
