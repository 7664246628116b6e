package dev.feira.gateway.routing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Ejects an instance for a while that was not reached, or failed three times in a row. One failing instance of several
 * then costs a retry now and then, not one for each request that round robin gives it.
 */
@Component
class OutlierDetector {

    private static final int FAILURES = 3;

    private final long ejectForNanos;
    private final Cache<String, State> states = Caffeine.newBuilder()
            .expireAfterWrite(10, TimeUnit.MINUTES)
            .maximumSize(10_000)
            .build();

    private record State(int failuresInARow, long until, boolean ejected) {}

    OutlierDetector(ForwardingProperties settings) {
        this.ejectForNanos = settings.ejectFor().toNanos();
    }

    boolean isEjected(String instance) {
        var state = states.getIfPresent(instance);
        return state != null && state.ejected && state.until - System.nanoTime() > 0;
    }

    void notReached(String instance) {
        states.put(instance, new State(FAILURES, System.nanoTime() + ejectForNanos, true));
    }

    void failed(String instance) {
        states.asMap().compute(instance, (_, before) -> {
            var failures = before == null ? 1 : before.failuresInARow + 1;
            return new State(failures, System.nanoTime() + ejectForNanos, failures >= FAILURES);
        });
    }

    void responded(String instance) {
        if (states.getIfPresent(instance) != null) {
            states.invalidate(instance);
        }
    }
}
