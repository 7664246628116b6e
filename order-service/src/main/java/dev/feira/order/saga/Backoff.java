package dev.feira.order.saga;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with jitter: the delay doubles with each attempt up to a maximum. Up to half of it is subtracted at
 * random, so that the orders of one outage do not retry at the same time.
 *
 * @param first before the second attempt
 * @param longest the maximum
 */
record Backoff(Duration first, Duration longest) {

    /** Returns the delay after this attempt, from 1. */
    Duration after(int attempt, RandomGenerator random) {
        // 2^20 times a usual first delay is beyond any usual maximum, and far from overflow
        var full = Math.min(first.toMillis() << Math.min(attempt - 1, 20), longest.toMillis());
        return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
    }
}
