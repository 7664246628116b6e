package dev.feira.payment.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.payments}.
 *
 * @param apiKey what the shop sends as bearer token; at least 16 characters
 * @param lateAnswer how long the answer of the card that answers late is held back
 * @param settlement how long a card that decides later takes
 * @param quickSettlement how long the card whose webhook comes twice takes
 * @param webhook how the shop is told
 */
@Validated
@ConfigurationProperties("feira.payments")
public record PaymentProperties(
        @NotBlank @Size(min = 16) String apiKey,
        @DefaultValue("30s") @DurationMin(millis = 0) Duration lateAnswer,
        @DefaultValue("10s") @DurationMin(millis = 0) Duration settlement,
        @DefaultValue("1s") @DurationMin(millis = 0) Duration quickSettlement,
        @Valid Webhook webhook) {

    /**
     * Settings under {@code feira.payments.webhook}.
     *
     * @param url where events are posted to
     * @param secret signs them; at least 16 characters, known to the shop
     * @param connectTimeout until the shop's server takes the connection
     * @param readTimeout until the shop's server answers
     * @param lease how long a replica has for one delivery before another one may try; longer than both timeouts
     * @param firstRetry pause after the first failed delivery; doubles with each one
     * @param longestRetry the pause grows no longer than this
     * @param giveUpAfter age of an event at which it is no longer sent
     */
    public record Webhook(
            URI url,
            @NotBlank @Size(min = 16) String secret,
            @DefaultValue("1s") @DurationMin(millis = 1) Duration connectTimeout,
            @DefaultValue("5s") @DurationMin(millis = 1) Duration readTimeout,
            @DefaultValue("15s") @DurationMin(millis = 1) Duration lease,
            @DefaultValue("1s") @DurationMin(millis = 1) Duration firstRetry,
            @DefaultValue("30s") @DurationMin(millis = 1) Duration longestRetry,
            @DefaultValue("3d") @DurationMin(millis = 1) Duration giveUpAfter) {}
}
