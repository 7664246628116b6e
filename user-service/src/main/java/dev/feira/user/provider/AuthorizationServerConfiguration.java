package dev.feira.user.provider;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.feira.defaults.FeiraProperties;
import dev.feira.defaults.security.ServiceSecurity;
import dev.feira.defaults.security.TokenValidators;
import dev.feira.user.config.ProviderProperties;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import dev.feira.user.keys.KeyCipher;
import dev.feira.user.keys.KeyRing;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationEndpointConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OidcConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.session.SessionRegistryImpl;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.ClientSecretAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.oidc.authentication.OidcLogoutAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.oidc.web.authentication.OidcLogoutAuthenticationSuccessHandler;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.DelegatingOAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.token.JwtGenerator;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.web.authentication.ClientSecretBasicAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2AuthorizationCodeRequestAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2RefreshTokenAuthenticationConverter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.logout.LogoutFilter;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.util.StringUtils;

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
        return new NimbusJwtEncoder(keyRing.signingKeys());
    }

    /** Validates access tokens like every service, but with local keys. */
    @Bean
    JwtDecoder jwtDecoder(JWKSource<SecurityContext> keys, FeiraProperties settings) {
        return decoder(keys, Set.of(JWSAlgorithm.ES256), TokenValidators.of(settings.identity()));
    }

    /** Reads ID tokens that come back from a client, which may have expired. */
    static JwtDecoder idTokens(JWKSource<SecurityContext> keys, OAuth2TokenValidator<Jwt> validator) {
        return decoder(keys, Set.of(JWSAlgorithm.ES256, JWSAlgorithm.RS256), validator);
    }

    private static JwtDecoder decoder(
            JWKSource<SecurityContext> keys, Set<JWSAlgorithm> algorithms, OAuth2TokenValidator<Jwt> validator) {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, keys));
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

    /**
     * Closes the framework's device page, which treats an opened link as consent; {@code /activate} replaces it. Closes pushed
     * authorization requests: nothing here needs them.
     */
    @Bean
    @Order(1)
    SecurityFilterChain closedEndpoints(HttpSecurity http) {
        http.securityMatcher("/oauth2/device_verification", "/oauth2/par")
                .csrf(AbstractHttpConfigurer::disable)
                .authorizeHttpRequests(requests -> requests.anyRequest().denyAll())
                .exceptionHandling(errors -> errors.authenticationEntryPoint(
                                (request, response, _) -> response.sendError(HttpStatus.NOT_FOUND.value()))
                        .accessDeniedHandler(
                                (request, response, _) -> response.sendError(HttpStatus.NOT_FOUND.value())));
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
            OAuth2TokenGenerator<?> tokens,
            JWKSource<SecurityContext> keys,
            TokenClaims claims,
            SecurityLog securityLog,
            Clock clock) {
        var server = new OAuth2AuthorizationServerConfigurer();
        var authorize = PathPatternRequestMatcher.withDefaults().matcher("/oauth2/authorize");
        var responses = new AuthorizationResponses(settings.identity().issuer(), clients);
        var devices = new DeviceSignIn(authorizations, tokens);
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
                                .authorizationEndpoint(endpoint -> authorization(endpoint, clients, responses))
                                .tokenEndpoint(endpoint -> endpoint.accessTokenRequestConverters(
                                                converters -> converters.replaceAll(each ->
                                                        each instanceof OAuth2RefreshTokenAuthenticationConverter
                                                                ? new RefreshRequestParameters(each)
                                                                : each))
                                        .authenticationProviders(grants -> {
                                            grants.replaceAll(devices::withOpenId);
                                            TransactionalGrant.wrap(grants, transaction);
                                        }))
                                .tokenRevocationEndpoint(endpoint -> endpoint.authenticationProviders(
                                        revocations -> TransactionalGrant.wrap(revocations, transaction)))
                                .deviceAuthorizationEndpoint(endpoint -> endpoint.verificationUri(
                                                settings.identity().issuer() + "/activate")
                                        .authenticationProviders(requests -> {
                                            requests.replaceAll(devices::withOpenId);
                                            TransactionalGrant.wrap(requests, transaction);
                                        }))
                                .authorizationServerMetadataEndpoint(
                                        endpoint -> endpoint.authorizationServerMetadataCustomizer(Discovery::describe))
                                .oidc(oidc -> oidc(oidc, settings, authorizations, claims, securityLog)))
                .headers(headers -> headers.addHeaderWriter(basicCredentials).addHeaderWriter(Discovery.cacheable()))
                .cors(cors -> cors.configurationSource(Discovery.readableByAnyOrigin()))
                .requestCache(cache -> cache.requestCache(new AuthorizationRequestFilter.PendingRequests()))
                .oauth2ResourceServer(resources -> resources
                        .jwt(Customizer.withDefaults())
                        .authenticationEntryPoint(ServiceSecurity.unauthenticated()))
                .addFilterAfter(
                        new AuthorizationRequestFilter(
                                authorize,
                                idTokens(
                                        keys,
                                        new JwtIssuerValidator(
                                                settings.identity().issuer())),
                                clock),
                        LogoutFilter.class)
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .exceptionHandling(errors -> errors.defaultAuthenticationEntryPointFor(responses, authorize));
        return http.build();
    }

    @Bean
    FilterRegistrationBean<Filter> headAsGet() {
        var filter = new FilterRegistrationBean<>(Discovery.headAsGet());
        filter.setOrder(SecurityFilterProperties.DEFAULT_FILTER_ORDER - 1);
        return filter;
    }

    /** Rejects other methods of the protocol's endpoints, which {@link #providerSecurity} does not match. */
    @Bean
    @Order(3)
    SecurityFilterChain otherMethods(HttpSecurity http) {
        http.securityMatcher("/oauth2/{endpoint}", "/userinfo", "/connect/logout", "/.well-known/**")
                .csrf(AbstractHttpConfigurer::disable)
                .authorizeHttpRequests(requests -> requests.anyRequest().denyAll())
                .exceptionHandling(errors -> errors.authenticationEntryPoint(
                                (request, response, _) -> rejectMethod(request, response))
                        .accessDeniedHandler((request, response, _) -> rejectMethod(request, response)));
        return http.build();
    }

    private static void rejectMethod(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var allowed = switch (request.getRequestURI()
                .substring(request.getContextPath().length())) {
            case "/oauth2/token", "/oauth2/revoke", "/oauth2/introspect", "/oauth2/device_authorization" -> "POST";
            case "/oauth2/authorize", "/userinfo", "/connect/logout" -> "GET, POST";
            case "/oauth2/jwks", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server" ->
                "GET, HEAD";
            default -> null;
        };
        if (allowed == null) {
            response.sendError(HttpStatus.NOT_FOUND.value());
        } else {
            response.setHeader(HttpHeaders.ALLOW, allowed);
            response.sendError(HttpStatus.METHOD_NOT_ALLOWED.value());
        }
    }

    private static void authorization(
            OAuth2AuthorizationEndpointConfigurer endpoint,
            RegisteredClientRepository clients,
            AuthorizationResponses responses) {
        endpoint.authorizationRequestConverters(converters -> converters.replaceAll(
                        each -> each instanceof OAuth2AuthorizationCodeRequestAuthenticationConverter
                                ? new AuthorizationRequestParameters(each, clients)
                                : each))
                .authenticationProviders(providers -> providers.forEach(each -> {
                    if (each instanceof OAuth2AuthorizationCodeRequestAuthenticationProvider provider) {
                        provider.setAuthenticationValidator(new AuthorizationRequestValidator());
                    }
                }))
                .authorizationResponseHandler(responses)
                .errorResponseHandler(responses);
    }

    private static void oidc(
            OidcConfigurer oidc,
            FeiraProperties settings,
            ReuseDetectingAuthorizationService authorizations,
            TokenClaims claims,
            SecurityLog securityLog) {
        oidc.providerConfigurationEndpoint(
                endpoint -> endpoint.providerConfigurationCustomizer(Discovery::describeOpenId));
        oidc.userInfoEndpoint(
                endpoint -> endpoint.userInfoMapper(context -> claims.userInfo(context.getAuthorization())));
        var logout = new OidcLogoutAuthenticationSuccessHandler();
        logout.setLogoutHandler((request, response, authentication) ->
                signOut(request, response, authentication, authorizations, securityLog));
        oidc.logoutEndpoint(endpoint -> endpoint.logoutResponseHandler((request, response, authentication) -> {
                    if (authentication instanceof OidcLogoutAuthenticationToken token
                            && !StringUtils.hasText(token.getPostLogoutRedirectUri())) {
                        signOut(request, response, authentication, authorizations, securityLog);
                        response.sendRedirect(request.getContextPath() + "/signed-out");
                    } else {
                        logout.onAuthenticationSuccess(request, response, authentication);
                    }
                })
                .errorResponseHandler((request, response, e) -> redirectToLogoutPage(request, response, e)));
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
