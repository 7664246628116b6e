package dev.feira.order.config;

import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * Keeps the service from starting where a step may take longer than its lease: another replica would do it at the same
 * time. The longest steps ask the payment provider three times and the catalog twice.
 */
@Component
class DeadlineCheck {

    DeadlineCheck(SagaProperties settings, TimeLimiterRegistry limits) {
        longerThan(3, "payments", settings, limits);
        longerThan(2, "catalog-reservations", settings, limits);
    }

    private static void longerThan(int calls, String name, SagaProperties settings, TimeLimiterRegistry limits) {
        Duration each = limits.timeLimiter(name).getTimeLimiterConfig().getTimeoutDuration();
        if (settings.lease().compareTo(each.multipliedBy(calls)) <= 0) {
            throw new IllegalStateException(
                    "feira.orders.saga.lease is %d ms and must be longer than %d calls of %s, of %d ms each"
                            .formatted(settings.lease().toMillis(), calls, name, each.toMillis()));
        }
    }
}
