package dev.feira.defaults.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Drops the slash at the end of {@code feira.public-url}, and fails the start if it is no origin. Runs before the property is
 * used: the issuer and the redirect URIs are made from it, and clients compare them character by character.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#IssuerIdentifier">OpenID Connect Core 1.0, issuer</a>
 */
final class PublicUrl implements EnvironmentPostProcessor, Ordered {

    private static final String PROPERTY = "feira.public-url";
    private static final Set<String> SCHEMES = Set.of("http", "https");

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        var configured = environment.getProperty(PROPERTY);
        if (configured != null) {
            environment
                    .getPropertySources()
                    .addFirst(new MapPropertySource(PROPERTY, Map.of(PROPERTY, origin(configured))));
        }
    }

    /** @throws IllegalArgumentException unless it is scheme, host and perhaps a port */
    static String origin(String configured) {
        var text = configured.endsWith("/") ? configured.substring(0, configured.length() - 1) : configured;
        try {
            var url = new URI(text);
            if (url.getScheme() != null
                    && SCHEMES.contains(url.getScheme())
                    && url.getHost() != null
                    && url.getHost().equals(url.getHost().toLowerCase(Locale.ROOT))
                    && url.getUserInfo() == null
                    && url.getRawPath().isEmpty()
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return text;
            }
        } catch (URISyntaxException e) {
            // the message below says what is allowed
        }
        throw new IllegalArgumentException(PROPERTY + " (FEIRA_PUBLIC_URL) is \"" + configured
                + "\", but must be http:// or https://, a host in lower case, and a port if it is not the usual one,"
                + " such as https://shop.example");
    }

    /** After the configuration files were read. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
