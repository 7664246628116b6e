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
 * @param seed the goods that an empty catalog begins with (see README.md); none where it is not set or not there
 * @param reservations how long goods are held
 * @param audit how often the stock is counted again
 */
@Validated
@ConfigurationProperties("feira.catalog")
public record CatalogProperties(
        @Nullable Resource seed,
        @Valid @DefaultValue Reservations reservations,
        @Valid @DefaultValue Audit audit) {

    /**
     * How long goods are held.
     *
     * @param hold from the reservation to its end; longer than a payment may take, shorter than customers notice that
     *     goods are missing; 1 s to 1 day
     * @param sweepInterval time between two looks for reservations that have ended, 10 ms to 5 min
     * @param sweepBatch reservations ended in one transaction, 1 to 1000
     */
    public record Reservations(
            @DefaultValue("15m") @NotNull @DurationMin(seconds = 1) @DurationMax(days = 1)
            Duration hold,

            @DefaultValue("5s") @NotNull @DurationMin(millis = 10) @DurationMax(minutes = 5)
            Duration sweepInterval,

            @DefaultValue("100") @Positive @Max(1000) int sweepBatch) {}

    /**
     * How often the stock is counted again, for the metrics.
     *
     * @param interval time between two counts of each replica, 100 ms to 1 day
     */
    public record Audit(
            @DefaultValue("5m") @NotNull @DurationMin(millis = 100) @DurationMax(days = 1)
            Duration interval) {}
}
