package dev.feira.catalog.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.catalog}.
 *
 * @param seed the seed file for an empty catalog (see README.md); optional
 * @param reservations the duration of reservations
 * @param audit the audit of the stock
 */
@Validated
@ConfigurationProperties("feira.catalog")
public record CatalogProperties(
        @Nullable Resource seed,
        @Valid @DefaultValue Reservations reservations,
        @Valid @DefaultValue Audit audit) {

    /**
     * The duration of reservations.
     *
     * @param hold time until a reservation expires, 1 s to 1 day; longer than a payment, but short enough that abandoned
     *     orders do not block sales
     * @param sweepInterval time between two searches for overdue reservations, 10 ms to 5 min
     * @param sweepBatch reservations that expire in one transaction, 1 to 1000
     */
    public record Reservations(
            @DefaultValue("15m") @NotNull @DurationMin(seconds = 1) @DurationMax(days = 1)
            Duration hold,

            @DefaultValue("5s") @NotNull @DurationMin(millis = 10) @DurationMax(minutes = 5)
            Duration sweepInterval,

            @DefaultValue("100") @Positive @Max(1000) int sweepBatch) {}

    /**
     * The audit of the stock.
     *
     * @param interval time between two audits of each replica, 100 ms to 1 day
     */
    public record Audit(
            @DefaultValue("5m") @NotNull @DurationMin(millis = 100) @DurationMax(days = 1)
            Duration interval) {}
}
