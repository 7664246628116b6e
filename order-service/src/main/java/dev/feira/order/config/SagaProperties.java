package dev.feira.order.config;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.orders.saga}.
 *
 * @param pollInterval interval of the query for due steps
 * @param lease how long a claimed step belongs to a replica; longer than any step takes, see {@link DeadlineCheck}
 * @param concurrency concurrent steps for each participant, 1 to 200
 * @param firstRetry delay before the second attempt; doubles with each
 * @param longestRetry longest delay between attempts
 * @param pendingPaymentLimit how long a charge may be pending before it is cancelled; a reservation expires after 15 min
 * @param sweepInterval interval of the query for orders without an open step
 * @param overdueAfter age at which an open step is counted as overdue
 */
@Validated
@ConfigurationProperties("feira.orders.saga")
public record SagaProperties(
        @DefaultValue("1s") @NotNull @DurationMin(millis = 10)
        Duration pollInterval,

        @DefaultValue("12s") @NotNull @DurationMax(minutes = 10)
        Duration lease,

        @DefaultValue("16") @Positive @Max(200) int concurrency,
        @DefaultValue("200ms") @NotNull Duration firstRetry,

        @DefaultValue("8s") @NotNull @DurationMax(minutes = 10)
        Duration longestRetry,

        @DefaultValue("10m") @NotNull @DurationMin(millis = 100) @DurationMax(minutes = 14)
        Duration pendingPaymentLimit,

        @DefaultValue("10s") @NotNull @DurationMin(millis = 10)
        Duration sweepInterval,

        @DefaultValue("30s") @NotNull @DurationMin(seconds = 1)
        Duration overdueAfter) {

    @AssertTrue(message = "first-retry must be at least 1ms and not longer than longest-retry") boolean isRetryInOrder() {
        return firstRetry.toMillis() >= 1 && firstRetry.compareTo(longestRetry) <= 0;
    }
}
