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
 * @param url where it answers
 * @param apiKey proves to it who we are; has no default, 16 characters at least
 * @param webhookSecret proves its messages to us; has no default, 16 characters at least
 * @param webhookTolerance how far the time in a message's signature may be from ours, either way
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
