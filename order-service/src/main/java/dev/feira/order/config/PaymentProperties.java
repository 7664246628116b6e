package dev.feira.order.config;

import dev.feira.defaults.security.SecretRules;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.orders.payments}: the payment provider.
 *
 * @param url its base URL
 * @param apiKey authenticates this service to it, at least 16 characters; no default
 * @param webhookSecret signs its messages, at least 16 characters; no default
 * @param webhookTolerance largest difference between the signature's time and the clock
 */
@Validated
@ConfigurationProperties("feira.orders.payments")
public record PaymentProperties(
        @NotNull URI url,
        @NotNull String apiKey,
        @NotNull String webhookSecret,

        @DefaultValue("5m") @NotNull @DurationMin(seconds = 1) @DurationMax(hours = 1)
        Duration webhookTolerance) {

    public PaymentProperties {
        SecretRules.requireLength("feira.orders.payments.api-key", apiKey, 16);
        SecretRules.requireLength("feira.orders.payments.webhook-secret", webhookSecret, 16);
    }

    @Override
    public String toString() {
        return "PaymentProperties[url=%s]".formatted(url);
    }
}
