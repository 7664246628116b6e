package dev.feira.order.config;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Positive;
import java.math.BigDecimal;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.orders}.
 *
 * @param maxTotal largest order, in EUR with VAT; the provider's and the tables' own limits are higher
 * @param maxWait longest {@code Prefer: wait} that is honoured
 * @param rereadInterval time between two looks whether an awaited order was changed by another replica
 * @param keepIdempotencyKeys how long a request may be repeated under its key, 24 hours at least
 * @param keepPaymentEvents how long copies of a payment event are recognised
 * @param auditInterval time between two audits for the metric
 */
@Validated
@ConfigurationProperties("feira.orders")
public record OrderProperties(
        @DefaultValue("1000000.00") @Positive @DecimalMax("9999999.99") BigDecimal maxTotal,

        @DefaultValue("10s") Duration maxWait,
        @DefaultValue("250ms") Duration rereadInterval,
        @DefaultValue("48h") Duration keepIdempotencyKeys,
        @DefaultValue("30d") Duration keepPaymentEvents,
        @DefaultValue("5m") Duration auditInterval) {}
