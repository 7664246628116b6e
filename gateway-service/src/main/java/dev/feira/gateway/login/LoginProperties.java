package dev.feira.gateway.login;

import dev.feira.defaults.security.SecretRules;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.gateway.login}.
 *
 * @param clientId the gateway's name at user-service
 * @param clientSecret proves that name; comes from FEIRA_GATEWAY_CLIENT_SECRET and has no default
 * @param scopes what the gateway requests
 * @param connectTimeout for a connection to user-service
 * @param readTimeout for a response of user-service
 * @param refreshBefore an access token that ends sooner than this is renewed before it is used
 * @param idle after which a session ends, and with it the login; user-service's refresh tokens end after the same time
 * @param pending how long signing in may take
 * @param touch how often a session's last use is stored; in between, reading a session writes nothing
 */
@Validated
@ConfigurationProperties("feira.gateway.login")
public record LoginProperties(
        @DefaultValue("feira-gateway") @NotBlank String clientId,

        @NotNull String clientSecret,

        @DefaultValue({"openid", "profile", "email"}) Set<String> scopes,
        @DefaultValue("500ms") Duration connectTimeout,
        @DefaultValue("3s") Duration readTimeout,
        @DefaultValue("60s") Duration refreshBefore,
        @DefaultValue("7d") Duration idle,
        @DefaultValue("15m") Duration pending,
        @DefaultValue("1m") Duration touch) {

    public LoginProperties {
        SecretRules.requireLength("feira.gateway.login.client-secret (FEIRA_GATEWAY_CLIENT_SECRET)", clientSecret, 16);
    }

    /** The secret stays out of logs. */
    @Override
    public String toString() {
        return "LoginProperties[clientId=" + clientId + "]";
    }
}
