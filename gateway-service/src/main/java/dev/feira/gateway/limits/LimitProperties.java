package dev.feira.gateway.limits;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.gateway.limits}. Each client has its own count: a signed-in user, or else
 * the address.
 *
 * @param enabled false lets everything through, for load tests
 * @param address all requests of one address, by any user: checked before anything else
 * @param browsing requests that read
 * @param writing requests that change something
 * @param signIn attempts to sign in, by address, counted by all replicas together
 * @param registration new accounts, by address, counted by all replicas together
 */
@Validated
@ConfigurationProperties("feira.gateway.limits")
public record LimitProperties(
        @DefaultValue("true") boolean enabled,
        @Valid @NotNull Limit address,
        @Valid @NotNull Limit browsing,
        @Valid @NotNull Limit writing,
        @Valid @NotNull Limit signIn,
        @Valid @NotNull Limit registration) {

    /**
     * One limit.
     *
     * @param requests how many are allowed, all at once if need be
     * @param per time in which as many become allowed again, evenly
     */
    public record Limit(@Min(1) long requests, @NotNull Duration per) {}
}
