package dev.feira.order.config;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
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
        @NotBlank @Size(min = 16) String apiKey,
        @NotBlank @Size(min = 16) String webhookSecret,

        @DefaultValue("5m") @NotNull @DurationMin(seconds = 1) @DurationMax(hours = 1)
        Duration webhookTolerance) {

    @Override
    public String toString() {
        return "PaymentProperties[url=%s]".formatted(url);
    }
}
