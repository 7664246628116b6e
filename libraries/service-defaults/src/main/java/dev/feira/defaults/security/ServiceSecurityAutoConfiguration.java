package dev.feira.defaults.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.OutageTolerantJWKSetSource;
import com.nimbusds.jose.jwk.source.RateLimitedJWKSetSource;
import com.nimbusds.jose.jwk.source.RetryingJWKSetSource;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.feira.defaults.FeiraProperties;
import java.net.MalformedURLException;
import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthentication;
import org.springframework.security.web.SecurityFilterChain;

/** Verifies tokens the same way in every service and permits all requests to the management port. */
@AutoConfiguration(before = OAuth2ResourceServerAutoConfiguration.class)
@ConditionalOnClass({BearerTokenAuthentication.class, JwtDecoder.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(FeiraProperties.class)
class ServiceSecurityAutoConfiguration {

    /** Turns off the observation of each security filter: 16 to 18 % of the CPU time of a read. */
    @Bean
    @ConditionalOnMissingBean
    SecurityObservationSettings noSecurityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    /** Verifies the signature (ES256 only) and the claims ({@link TokenValidators}). */
    @Bean
    @ConditionalOnMissingBean(JwtDecoder.class)
    JwtDecoder jwtDecoder(FeiraProperties settings) throws MalformedURLException {
        var identity = settings.identity();
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, keys(identity)));
        processor.setJWSVerifierFactory(new VerifiedSignatures(processor.getJWSVerifierFactory()));
        processor.setJWTClaimsSetVerifier((claims, context) -> {}); // the validators below return clearer errors
        var decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(TokenValidators.of(identity));
        return decoder;
    }

    /**
     * Caches the issuer's public keys for 5 minutes and refreshes them ahead of expiry. An unknown key id triggers a refresh, at
     * most twice in 5 s. While user-service is unavailable, the last keys are used for 4 hours.
     */
    private static JWKSource<SecurityContext> keys(FeiraProperties.Identity identity) throws MalformedURLException {
        var connect = Duration.ofSeconds(1);
        var read = Duration.ofSeconds(2);
        var limit = 64 * 1024;
        var retriever = new DefaultResourceRetriever((int) connect.toMillis(), (int) read.toMillis(), limit);
        var remote = new RetryingJWKSetSource<>(
                new URLBasedJWKSetSource<SecurityContext>(identity.jwkSetUri().toURL(), retriever), null);
        var tolerant =
                new OutageTolerantJWKSetSource<>(remote, Duration.ofHours(4).toMillis(), null);
        var limited =
                new RateLimitedJWKSetSource<>(tolerant, Duration.ofSeconds(5).toMillis(), null);
        return JWKSourceBuilder.create(new LastKnownJWKSetSource(limited))
                .cache(Duration.ofMinutes(5).toMillis(), Duration.ofSeconds(10).toMillis())
                .refreshAheadCache(Duration.ofSeconds(30).toMillis(), false)
                .rateLimited(false) // limited above, where reaching the limit is not treated as an outage
                .build();
    }

    /** Permits actuator requests: the management port is internal and the gateway has no route to it. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain managementPort(HttpSecurity http) {
        return http.securityMatcher(EndpointRequest.toAnyEndpoint())
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(AbstractHttpConfigurer::disable)
                .build();
    }

    /** Spring's default includes all hosts below the public one, which Feira does not serve. */
    @Bean
    Customizer<HeadersConfigurer<HttpSecurity>> hstsOfThisHost(FeiraProperties settings) {
        return headers -> headers.httpStrictTransportSecurity(
                hsts -> hsts.includeSubDomains(settings.hsts().includeSubDomains()));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableMethodSecurity
    static class Methods {}
}
