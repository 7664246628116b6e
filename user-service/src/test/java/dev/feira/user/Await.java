package dev.feira.user;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits until a condition is true, or fails after a deadline. */
final class Await {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private Await() {}

    static void until(BooleanSupplier condition) {
        var end = Instant.now().plus(DEADLINE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("the condition was not true within " + DEADLINE);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
