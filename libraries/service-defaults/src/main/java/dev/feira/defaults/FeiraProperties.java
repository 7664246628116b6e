package dev.feira.defaults;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
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
 * @param publicUrl the URL that browsers and API clients use, without a trailing slash
 * @param apiPrefix the prefix of a service's paths at the gateway, for {@code Location} headers
 * @param publicPaths the patterns of a service's paths at the gateway, e.g. {@code /api/products/**}, for its public OpenAPI
 *     document
 * @param requestSize the largest request body; negative: no limit
 * @param identity the issuer and the audience of tokens
 * @param database the migration of the schema
 * @param shutdown the connection draining
 * @param warmUp the requests before the service is ready
 * @param hsts the header {@code Strict-Transport-Security}, which is sent where the public URL is https
 */
@Validated
@ConfigurationProperties("feira")
public record FeiraProperties(
        @NotNull URI publicUrl,
        @DefaultValue("/api") String apiPrefix,
        @DefaultValue List<@Pattern(regexp = "/(api|id)/[^*].*") String> publicPaths,
        @DefaultValue("1MB") DataSize requestSize,
        @Valid @NotNull Identity identity,
        @Valid @DefaultValue Database database,
        @Valid @DefaultValue Shutdown shutdown,
        @Valid @DefaultValue WarmUp warmUp,
        @Valid @DefaultValue Hsts hsts) {

    /**
     * Returns the name of a cookie with the port of the public URL, unless that is the scheme's own. Cookies do not belong to
     * a port: two Feiras on one host would overwrite each other's.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc6265#section-8.5">RFC 6265, section 8.5</a>
     */
    public String cookieName(String name) {
        var usual = "https".equals(publicUrl.getScheme()) ? 443 : 80;
        return publicUrl.getPort() < 0 || publicUrl.getPort() == usual ? name : name + "-" + publicUrl.getPort();
    }

    /**
     * The issuer and the audience of tokens.
     *
     * @param issuer the required claim {@code iss}
     * @param url the internal URL of user-service
     * @param audience the required claim {@code aud}
     * @param clockTolerance the tolerated clock skew before {@code nbf} and after {@code exp}
     */
    public record Identity(
            @NotBlank String issuer,
            @NotNull URI url,
            @NotBlank String audience,
            @NotNull Duration clockTolerance) {

        /** Returns the URL of the issuer's public keys. */
        public URI jwkSetUri() {
            return URI.create(url + "/oauth2/jwks");
        }

        /** Returns the URL of the token endpoint. */
        public URI tokenUri() {
            return URI.create(url + "/oauth2/token");
        }
    }

    /**
     * The migration of the schema.
     *
     * @param migrationWait how long the start waits for the migration; after that it continues in the background
     * @param migrationRetry time between two attempts while the database is unavailable
     */
    public record Database(
            @DefaultValue("3s") Duration migrationWait,
            @DefaultValue("1s") Duration migrationRetry) {}

    /**
     * The connection draining.
     *
     * @param drain how long the service still serves requests after the signal to stop and closes kept-alive connections;
     *     less than {@code spring.lifecycle.timeout-per-shutdown-phase}
     */
    public record Shutdown(@DefaultValue("0s") Duration drain) {}

    /**
     * The requests before the service is ready.
     *
     * @param paths the paths to request, without a token
     * @param times requests of each path; 0 to 1,000, 0 disables the warm-up
     * @param limit the time for all requests
     */
    public record WarmUp(
            @DefaultValue List<String> paths,
            @DefaultValue("0") @Min(0) @Max(1000) int times,
            @DefaultValue("15s") @NotNull Duration limit) {}

    /**
     * The header {@code Strict-Transport-Security}.
     *
     * @param includeSubDomains whether browsers use https for all hosts below the public one, too; for a year, so each of them
     *     needs a certificate
     * @see <a href="https://www.rfc-editor.org/rfc/rfc6797#section-6.1.2">RFC 6797, section 6.1.2</a>
     */
    public record Hsts(@DefaultValue("false") boolean includeSubDomains) {}
}
