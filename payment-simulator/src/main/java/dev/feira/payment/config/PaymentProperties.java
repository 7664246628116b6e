package dev.feira.payment.config;

import dev.feira.defaults.security.SecretRules;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.payments}.
 *
 * @param apiKey the bearer token of the shop; at least 16 characters
 * @param lateResponse the delay of the response for the card that responds late
 * @param settlement time until a pending charge is settled
 * @param quickSettlement the same for the card whose webhook is sent twice
 * @param webhook the webhook of the shop
 */
@Validated
@ConfigurationProperties("feira.payments")
public record PaymentProperties(
        @NotNull String apiKey,
        @DefaultValue("30s") @DurationMin(millis = 0) Duration lateResponse,
        @DefaultValue("10s") @DurationMin(millis = 0) Duration settlement,
        @DefaultValue("1s") @DurationMin(millis = 0) Duration quickSettlement,
        @Valid Webhook webhook) {

    public PaymentProperties {
        SecretRules.requireLength("feira.payments.api-key", apiKey, 16);
    }

    /**
     * Settings under {@code feira.payments.webhook}.
     *
     * @param url the target of the events
     * @param secret the signing key, shared with the shop; at least 16 characters
     * @param connectTimeout timeout of the connection
     * @param readTimeout timeout of the response
     * @param lease time until another replica may repeat a delivery; longer than both timeouts
     * @param firstRetry pause after the first failed delivery; doubles with each failure
     * @param longestRetry the longest pause
     * @param giveUpAfter age after which an event is no longer sent
     */
    public record Webhook(
            URI url,
            @NotNull String secret,
            @DefaultValue("1s") @DurationMin(millis = 1) Duration connectTimeout,
            @DefaultValue("5s") @DurationMin(millis = 1) Duration readTimeout,
            @DefaultValue("15s") @DurationMin(millis = 1) Duration lease,
            @DefaultValue("1s") @DurationMin(millis = 1) Duration firstRetry,
            @DefaultValue("30s") @DurationMin(millis = 1) Duration longestRetry,
            @DefaultValue("3d") @DurationMin(millis = 1) Duration giveUpAfter) {

        public Webhook {
            SecretRules.requireLength("feira.payments.webhook.secret", secret, 16);
        }
    }
}
