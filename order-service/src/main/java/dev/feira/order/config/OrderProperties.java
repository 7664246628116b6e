package dev.feira.order.config;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.math.BigDecimal;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.orders}.
 *
 * @param maxTotal largest order, in EUR with VAT; the limits of the provider and the tables are higher
 * @param maxWait longest {@code Prefer: wait}, up to 14 s: the gateway waits 15 s
 * @param rereadInterval interval of the query for changes by other replicas, 10 ms to 5 s
 * @param keepIdempotencyKeys retention of idempotency keys, at least 24 hours
 * @param keepPaymentEvents time in which duplicate payment events are recognised, at least a day
 * @param auditInterval interval of the audits for the metric
 * @param auditWindow age up to which each of them compares an order again
 * @param auditWait how long a request waits for an audit of all orders
 */
@Validated
@ConfigurationProperties("feira.orders")
public record OrderProperties(
        @DefaultValue("1000000.00") @Positive @DecimalMax("9999999.99") BigDecimal maxTotal,

        @DefaultValue("10s") @NotNull @DurationMin @DurationMax(seconds = 14)
        Duration maxWait,

        @DefaultValue("250ms") @NotNull @DurationMin(millis = 10) @DurationMax(seconds = 5)
        Duration rereadInterval,

        @DefaultValue("48h") @NotNull @DurationMin(hours = 24)
        Duration keepIdempotencyKeys,

        @DefaultValue("30d") @NotNull @DurationMin(days = 1) Duration keepPaymentEvents,

        @DefaultValue("5m") @NotNull @DurationMin(seconds = 1) @DurationMax(days = 1)
        Duration auditInterval,

        @DefaultValue("1h") @NotNull @DurationMin(minutes = 10)
        Duration auditWindow,

        @DefaultValue("1800ms") @NotNull @DurationMin(millis = 100) @DurationMax(seconds = 30)
        Duration auditWait) {}
