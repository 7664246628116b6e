package dev.feira.user.provider;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.feira.defaults.FeiraProperties;
import dev.feira.defaults.security.TokenValidators;
import dev.feira.user.config.ProviderProperties;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import dev.feira.user.keys.KeyCipher;
import dev.feira.user.keys.KeyRing;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OidcConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.session.SessionRegistryImpl;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.ClientSecretAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.oidc.authentication.OidcLogoutAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.oidc.web.authentication.OidcLogoutAuthenticationSuccessHandler;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.DelegatingOAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.token.JwtGenerator;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.web.authentication.ClientSecretBasicAuthenticationConverter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.transaction.support.TransactionOperations;

/** Configures Spring Authorization Server: endpoints, keys, and token generation. */
@Configuration(proxyBeanMethods = false)
class AuthorizationServerConfiguration {

    /** Sets one issuer, whatever address a request came to. */
    @Bean
    AuthorizationServerSettings authorizationServerSettings(FeiraProperties settings) {
        return AuthorizationServerSettings.builder()
                .issuer(settings.identity().issuer())
                .build();
    }

    @Bean
    JWKSource<SecurityContext> jwkSource(KeyRing keyRing) {
        return keyRing.publicKeys();
    }

    @Bean
    JwtEncoder jwtEncoder(KeyRing keyRing) {
        return new NimbusJwtEncoder(keyRing.signingKey());
    }

    /** Validates access tokens like every service, but with local keys. */
    @Bean
    JwtDecoder jwtDecoder(JWKSource<SecurityContext> keys, FeiraProperties settings) {
        return decoder(keys, TokenValidators.of(settings.identity()));
    }

    static JwtDecoder decoder(JWKSource<SecurityContext> keys, OAuth2TokenValidator<Jwt> validator) {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, keys));
        processor.setJWTClaimsSetVerifier((claims, context) -> {}); // the validator does, with clearer messages
        var decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(validator);
        return decoder;
    }

    @Bean
    OAuth2TokenGenerator<?> tokenGenerator(
            JwtEncoder encoder, TokenClaims claims, KeyCipher cipher, ProviderProperties settings, Clock clock) {
        var jwts = new JwtGenerator(encoder);
        jwts.setJwtCustomizer(claims);
        return new DelegatingOAuth2TokenGenerator(jwts, new RefreshTokenGenerator(cipher, settings, clock));
    }

    /**
     * Registers no session: sessions are in the database, and the claim {@link TokenClaims#SESSION_ID} names a family of
     * tokens. The default registry stores the sessions of one replica only, so other replicas would reject sign-outs.
     */
    @Bean
    SessionRegistry sessionRegistry() {
        return new SessionRegistryImpl() {
            @Override
            public void registerNewSession(String sessionId, Object principal) {}
        };
    }

    /** Closes the framework's device page, which treats an opened link as consent; {@code /activate} replaces it. */
    @Bean
    @Order(1)
    SecurityFilterChain deviceVerificationSecurity(HttpSecurity http) {
        http.securityMatcher("/oauth2/device_verification")
                .authorizeHttpRequests(requests -> requests.anyRequest().denyAll())
                .exceptionHandling(errors -> errors.authenticationEntryPoint(
                        (request, response, e) -> response.sendError(HttpStatus.NOT_FOUND.value())));
        return http.build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain providerSecurity(
            HttpSecurity http,
            FeiraProperties settings,
            TransactionOperations transaction,
            RegisteredClientRepository clients,
            ReuseDetectingAuthorizationService authorizations,
            TokenClaims claims,
            SecurityLog securityLog) {
        var server = new OAuth2AuthorizationServerConfigurer();
        var publicClients = new PublicClientAuthentication(clients);
        var basicCredentials = new BasicCredentials();
        http.securityMatcher(server.getEndpointsMatcher())
                .with(
                        server,
                        provider -> provider.authorizationService(authorizations)
                                .clientAuthentication(authentication -> authentication
                                        .authenticationConverter(publicClients)
                                        .authenticationConverters(converters -> converters.replaceAll(
                                                each -> each instanceof ClientSecretBasicAuthenticationConverter
                                                        ? basicCredentials
                                                        : each))
                                        .authenticationProvider(publicClients)
                                        .authenticationProviders(providers -> providers.forEach(each -> {
                                            if (each instanceof ClientSecretAuthenticationProvider secrets) {
                                                secrets.setPasswordEncoder(new ClientConfiguration.PlainSecrets());
                                            }
                                        })))
                                .authorizationEndpoint(endpoint -> endpoint.authorizationRequestConverters(converters ->
                                        converters.addFirst(AuthorizationServerConfiguration::requireText)))
                                .tokenEndpoint(endpoint -> endpoint.authenticationProviders(
                                        grants -> TransactionalGrant.wrap(grants, transaction)))
                                .tokenRevocationEndpoint(endpoint -> endpoint.authenticationProviders(
                                        revocations -> TransactionalGrant.wrap(revocations, transaction)))
                                .deviceAuthorizationEndpoint(endpoint -> endpoint.verificationUri(
                                        settings.identity().issuer() + "/activate"))
                                .authorizationServerMetadataEndpoint(
                                        endpoint -> endpoint.authorizationServerMetadataCustomizer(
                                                metadata -> metadata.tokenEndpointAuthenticationMethods(
                                                        AuthorizationServerConfiguration::clientAuthentication)))
                                .oidc(oidc -> oidc(oidc, settings, authorizations, claims, securityLog)))
                .headers(headers -> headers.addHeaderWriter(basicCredentials))
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .exceptionHandling(errors -> errors.defaultAuthenticationEntryPointFor(
                        new LoginUrlAuthenticationEntryPoint("/login"),
                        PathPatternRequestMatcher.withDefaults().matcher("/oauth2/authorize")));
        return http.build();
    }

    /** Rejects NUL in an authorization request, which is stored: PostgreSQL rejects it in text. Converts nothing. */
    private static @Nullable Authentication requireText(HttpServletRequest request) {
        if (request.getParameterMap().entrySet().stream()
                .flatMap(parameter -> Stream.concat(Stream.of(parameter.getKey()), Arrays.stream(parameter.getValue())))
                .anyMatch(text -> text.contains("\0"))) {
            throw new OAuth2AuthorizationCodeRequestAuthenticationException(
                    new OAuth2Error(OAuth2ErrorCodes.INVALID_REQUEST), null);
        }
        return null;
    }

    private static void oidc(
            OidcConfigurer oidc,
            FeiraProperties settings,
            ReuseDetectingAuthorizationService authorizations,
            TokenClaims claims,
            SecurityLog securityLog) {
        oidc.providerConfigurationEndpoint(endpoint ->
                endpoint.providerConfigurationCustomizer(configuration -> configuration
                        .idTokenSigningAlgorithms(algorithms -> {
                            algorithms.clear();
                            algorithms.add(JWSAlgorithm.ES256.getName());
                        })
                        .scopes(scopes -> {
                            scopes.clear();
                            scopes.addAll(List.of(OidcScopes.OPENID, OidcScopes.PROFILE, OidcScopes.EMAIL));
                        })
                        .tokenEndpointAuthenticationMethods(AuthorizationServerConfiguration::clientAuthentication)
                        .claim("ui_locales_supported", List.of("en", "pt"))));
        oidc.userInfoEndpoint(
                endpoint -> endpoint.userInfoMapper(context -> claims.userInfo(context.getAuthorization())));
        var logout = new OidcLogoutAuthenticationSuccessHandler();
        logout.setLogoutHandler((request, response, authentication) ->
                signOut(request, response, authentication, authorizations, securityLog));
        oidc.logoutEndpoint(endpoint -> endpoint.logoutResponseHandler(logout)
                .errorResponseHandler((request, response, e) -> redirectToLogoutPage(request, response, e)));
    }

    private static void clientAuthentication(List<String> methods) {
        methods.clear();
        methods.addAll(List.of("client_secret_basic", "client_secret_post", "none"));
    }

    /** Ends the browser session, and the family of tokens of the client that requested it. */
    private static void signOut(
            HttpServletRequest request,
            HttpServletResponse response,
            @Nullable Authentication authentication,
            ReuseDetectingAuthorizationService authorizations,
            SecurityLog securityLog) {
        if (!(authentication instanceof OidcLogoutAuthenticationToken logout)) {
            return;
        }
        if (logout.isPrincipalAuthenticated()) {
            new SecurityContextLogoutHandler().logout(request, response, (Authentication) logout.getPrincipal());
        }
        var family = authorizations.findByToken(logout.getIdTokenHint(), new OAuth2TokenType("id_token"));
        if (family != null) {
            authorizations.remove(family);
            securityLog.record(
                    SecurityEvent.Type.SIGNED_OUT,
                    UUID.fromString(family.getPrincipalName()),
                    family.getRegisteredClientId(),
                    request.getRemoteAddr(),
                    Map.of());
        }
    }

    /** Without a valid ID token, redirects to the page that asks the user. */
    private static void redirectToLogoutPage(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e) throws IOException {
        if (e instanceof OAuth2AuthenticationException && request.getMethod().equals("GET")) {
            response.sendRedirect(request.getContextPath() + "/logout");
        } else {
            response.sendError(HttpStatus.BAD_REQUEST.value());
        }
    }
}
