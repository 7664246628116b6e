package dev.feira.user.domain;

import java.time.Duration;
import java.util.Optional;

/**
 * Limits attempts, counted over all replicas: a number of attempts is free, then each further one doubles the delay. An
 * attempt is counted before its outcome is known, so parallel guesses are counted one by one.
 */
public interface AttemptLimiter {

    /**
     * Describes how many attempts are free and how the delay grows.
     *
     * @param free attempts before the first delay
     * @param firstDelay delay after the last free attempt; doubled by each further one
     * @param maxDelay longest delay
     * @param window attempts expire this long after the last one, or after the first one if {@code fixed}
     * @param fixed whether the window starts with the first attempt and does not move
     */
    record Limit(int free, Duration firstDelay, Duration maxDelay, Duration window, boolean fixed) {}

    /** An attempt came too early: 429. */
    final class TooManyAttempts extends RuntimeException {

        private final Duration retryAfter;

        public TooManyAttempts(Duration retryAfter) {
            super("too many attempts");
            this.retryAfter = retryAfter;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /**
     * Counts one attempt.
     *
     * @return empty if the attempt is permitted, otherwise the remaining delay; a blocked attempt is not counted
     */
    Optional<Duration> tryAcquire(String scope, String key, Limit limit);

    /**
     * Counts one attempt.
     *
     * @throws TooManyAttempts the attempt is blocked
     */
    default void acquire(String scope, String key, Limit limit) {
        tryAcquire(scope, key, limit).ifPresent(delay -> {
            throw new TooManyAttempts(delay);
        });
    }

    /** Returns the remaining delay, if any, without counting an attempt. */
    Optional<Duration> remainingDelay(String scope, String key);

    /** Removes all attempts, after a successful one. */
    void reset(String scope, String key);

    /** Removes one attempt, which was successful; earlier ones stay counted. */
    void release(String scope, String key);
}
