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
 * @param maxTotal largest order, in EUR with VAT; the provider's and the tables' own limits are higher
 * @param maxWait longest {@code Prefer: wait} that is honoured, up to 14 s: the gateway waits 15 s
 * @param rereadInterval time between two looks whether an awaited order was changed by another replica, 10 ms to 5 s
 * @param keepIdempotencyKeys how long a request may be repeated under its key, 24 hours at least
 * @param keepPaymentEvents how long copies of a payment event are recognised, a day at least
 * @param auditInterval time between two audits for the metric, of what is new
 * @param auditWindow how old an order is compared again by each of them, at least
 * @param auditWait how long a request waits for an audit of everything
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
