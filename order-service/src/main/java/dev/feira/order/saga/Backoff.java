package dev.feira.order.saga;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a step rests before its next attempt: twice as long each time, up to a limit, and a random half of it taken
 * off so that the orders of one outage do not come back in step.
 *
 * @param first before the second attempt
 * @param longest ever
 */
record Backoff(Duration first, Duration longest) {

    /** Returns the rest after this attempt, from 1. */
    Duration after(int attempt, RandomGenerator random) {
        // 2^20 times any sensible first rest is beyond any sensible limit, and far from overflow
        var full = Math.min(first.toMillis() << Math.min(attempt - 1, 20), longest.toMillis());
        return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
    }
}
