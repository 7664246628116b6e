package dev.feira.gateway.login;

import dev.feira.defaults.FeiraProperties;
import java.net.http.HttpClient;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.RefreshTokenOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.event.OAuth2AuthorizedClientRefreshedEvent;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.userinfo.DefaultOAuth2UserService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.converter.ClaimTypeConverter;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/**
 * The gateway as a client of user-service. Browsers use its public URL, the gateway itself the internal one.
 * All addresses are configured, so the gateway starts without user-service.
 */
@Configuration(proxyBeanMethods = false)
class LoginConfiguration {

    /** The name of the one provider; part of the redirect URI registered at user-service. */
    static final String REGISTRATION = "feira";

    @Bean
    ClientRegistration identity(FeiraProperties feira, LoginProperties settings) {
        var inside = feira.identity().url();
        return ClientRegistration.withRegistrationId(REGISTRATION)
                .clientId(settings.clientId())
                .clientSecret(settings.clientSecret())
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .clientSettings(ClientRegistration.ClientSettings.builder()
                        .requireProofKey(true) // PKCE, RFC 9700 section 2.1.1
                        .build())
                .redirectUri(feira.publicUrl() + "/login/oauth2/code/" + REGISTRATION)
                .scope(settings.scopes())
                .authorizationUri(feira.publicUrl() + "/id/oauth2/authorize")
                .tokenUri(inside + "/oauth2/token")
                .jwkSetUri(inside + "/oauth2/jwks")
                .userInfoUri(inside + "/userinfo")
                .userNameAttributeName("sub")
                .issuerUri(feira.identity().issuer()) // checked in every ID token, never fetched from
                .build();
    }

    @Bean
    ClientRegistrationRepository registrations(ClientRegistration identity) {
        return new InMemoryClientRegistrationRepository(identity);
    }

    @Bean
    OAuth2AccessTokenResponseClient<OAuth2AuthorizationCodeGrantRequest> codeExchange(LoginProperties settings) {
        var client = new RestClientAuthorizationCodeTokenResponseClient();
        client.setRestClient(tokenEndpoint(settings));
        return client;
    }

    @Bean
    OAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> renewal(LoginProperties settings) {
        var client = new RestClientRefreshTokenTokenResponseClient();
        client.setRestClient(tokenEndpoint(settings));
        return client;
    }

    /** Renews access tokens {@code feira.gateway.login.refresh-before} they end. */
    @Bean
    OAuth2AuthorizedClientManager authorizedClients(
            ClientRegistrationRepository registrations,
            SessionAuthorizedClients clients,
            OAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> renewal,
            LoginProperties settings) {
        var refresh = new RefreshTokenOAuth2AuthorizedClientProvider();
        refresh.setAccessTokenResponseClient(renewal);
        refresh.setClockSkew(settings.refreshBefore());
        refresh.setApplicationEventPublisher(event -> clients.refreshed((OAuth2AuthorizedClientRefreshedEvent) event));
        var manager = new AuthorizedClientServiceOAuth2AuthorizedClientManager(registrations, clients);
        manager.setAuthorizedClientProvider(refresh);
        return manager;
    }

    @Bean
    OidcUserService oidcUsers(LoginProperties settings) {
        var userInfo = new DefaultOAuth2UserService();
        var http = new RestTemplate(requests(settings));
        http.setErrorHandler(new OAuth2ErrorResponseErrorHandler());
        userInfo.setRestOperations(http);
        var users = new OidcUserService();
        users.setOauth2UserService(userInfo);
        return users;
    }

    /** ID tokens: ES256 only, with issuer, audience, expiry and nonce checked. */
    @Bean
    JwtDecoderFactory<ClientRegistration> idTokens(
            ClientRegistration identity, FeiraProperties feira, LoginProperties settings) {
        var decoder = NimbusJwtDecoder.withJwkSetUri(
                        feira.identity().jwkSetUri().toString())
                .jwsAlgorithm(SignatureAlgorithm.ES256)
                .restOperations(new RestTemplate(requests(settings)))
                .build();
        var tolerance = feira.identity().clockTolerance();
        var claims = new OidcIdTokenValidator(identity);
        claims.setClockSkew(tolerance);
        decoder.setJwtValidator(
                JwtValidators.createDefaultWithValidators(List.of(new JwtTimestampValidator(tolerance), claims)));
        decoder.setClaimSetConverter(
                new ClaimTypeConverter(OidcIdTokenDecoderFactory.createDefaultClaimTypeConverters()));
        return _ -> decoder;
    }

    private static RestClient tokenEndpoint(LoginProperties settings) {
        return RestClient.builder()
                .requestFactory(requests(settings))
                .configureMessageConverters(converters -> converters
                        .disableDefaults()
                        .addCustomConverter(new FormHttpMessageConverter())
                        .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build();
    }

    static ClientHttpRequestFactory requests(LoginProperties settings) {
        var requests = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build());
        requests.setReadTimeout(settings.readTimeout());
        return requests;
    }
}
