package dev.feira.defaults;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira} that every service shares; their values are in {@code feira-defaults.yaml}.
 *
 * @param publicUrl what browsers and API clients see, without a slash at the end
 * @param apiPrefix what the gateway puts before a service's paths, for {@code Location} headers
 * @param requestSize the largest body that is read; negative: no limit, where something else counts
 * @param identity who issues tokens, and for whom
 * @param database how the service comes to its schema
 * @param shutdown how the service leaves
 * @param warmUp what the service asks itself before it is ready
 */
@Validated
@ConfigurationProperties("feira")
public record FeiraProperties(
        @NotNull URI publicUrl,
        @DefaultValue("/api") String apiPrefix,
        @DefaultValue("1MB") DataSize requestSize,
        @Valid @NotNull Identity identity,
        @Valid @DefaultValue Database database,
        @Valid @DefaultValue Shutdown shutdown,
        @Valid @DefaultValue WarmUp warmUp) {

    /**
     * Who issues tokens, and for whom.
     *
     * @param issuer the {@code iss} that a token must carry
     * @param url where user-service answers from inside the platform
     * @param audience the {@code aud} that a token must carry
     * @param clockTolerance how far the clocks of two machines may differ: a token is believed so long before its begin
     *     and after its end
     */
    public record Identity(
            @NotBlank String issuer,
            @NotNull URI url,
            @NotBlank String audience,
            @NotNull Duration clockTolerance) {

        /** Returns where the public keys of the issuer are. */
        public URI jwkSetUri() {
            return URI.create(url + "/oauth2/jwks");
        }

        /** Returns where tokens are issued. */
        public URI tokenUri() {
            return URI.create(url + "/oauth2/token");
        }
    }

    /**
     * How the service comes to its schema.
     *
     * @param migrationWait how long a start waits for the migration before it goes on in the background
     * @param migrationRetry time between two attempts while the database does not answer
     */
    public record Database(
            @DefaultValue("3s") Duration migrationWait,
            @DefaultValue("1s") Duration migrationRetry) {}

    /**
     * How the service leaves.
     *
     * @param drain how long it serves on after the signal to stop, sending kept-alive connections elsewhere; less than
     *     {@code spring.lifecycle.timeout-per-shutdown-phase}
     */
    public record Shutdown(@DefaultValue("0s") Duration drain) {}

    /**
     * What the service asks itself before it is ready.
     *
     * @param paths what is read, without a token
     * @param times how often each; 0: not at all, and 1,000 at most
     * @param limit how long all of it may take
     */
    public record WarmUp(
            @DefaultValue List<String> paths,
            @DefaultValue("0") @Min(0) @Max(1000) int times,
            @DefaultValue("15s") @NotNull Duration limit) {}
}
