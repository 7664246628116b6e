package dev.feira.order.config;

import dev.feira.defaults.security.SecretRules;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.orders.client}: this service as an OAuth client of user-service.
 *
 * @param id its client id
 * @param secret its client secret, at least 16 characters; no default
 * @param scope the requested scope
 * @param renewInterval interval of the check whether to renew the token
 */
@Validated
@ConfigurationProperties("feira.orders.client")
public record ClientProperties(
        @DefaultValue("order-service") @NotBlank String id,
        @NotNull String secret,
        @DefaultValue("catalog.reservations") @NotBlank String scope,

        @DefaultValue("10s") @NotNull @DurationMin(millis = 10)
        Duration renewInterval) {

    public ClientProperties {
        SecretRules.requireLength("feira.orders.client.secret", secret, 16);
    }

    @Override
    public String toString() {
        return "ClientProperties[id=%s, scope=%s]".formatted(id, scope);
    }
}
