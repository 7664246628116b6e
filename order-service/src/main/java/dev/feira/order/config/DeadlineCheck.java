package dev.feira.order.config;

import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * Fails the start if time limits contradict each other. A step must end before its lease expires, or another replica runs
 * it at the same time. A third is added to its calls, for claiming the step and recording the result. Prices must arrive
 * early enough to place an order before its deadline; the intervals between their attempts are not counted.
 */
@Component
class DeadlineCheck {

    DeadlineCheck(
            SagaProperties saga, PlacementProperties placement, TimeLimiterRegistry limits, RetryRegistry retries) {
        // stopping a payment calls the provider three times; a closed reservation is read again, after a token was
        // fetched
        var payment = timeout(limits, "payments").multipliedBy(3);
        var reservation =
                timeout(limits, "catalog-reservations").multipliedBy(2).plus(timeout(limits, "identity"));
        var longest = payment.compareTo(reservation) > 0 ? payment : reservation;
        require(
                saga.lease().multipliedBy(3).compareTo(longest.multipliedBy(4)) >= 0,
                "feira.orders.saga.lease (%s) must be a third longer than 3 calls of payments, and than 2 of catalog-reservations with one of identity (%s)"
                        .formatted(saga.lease(), longest));
        var prices = timeout(limits, "catalog-prices")
                .multipliedBy(retries.retry("catalog-prices").getRetryConfig().getMaxAttempts());
        require(
                prices.plus(placement.minTransaction()).compareTo(placement.timeout()) < 0,
                "feira.orders.placement.timeout (%s) must be longer than min-transaction and all attempts of catalog-prices (%s)"
                        .formatted(placement.timeout(), prices));
    }

    private static Duration timeout(TimeLimiterRegistry limits, String name) {
        return limits.timeLimiter(name).getTimeLimiterConfig().getTimeoutDuration();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalStateException(message);
        }
    }
}
