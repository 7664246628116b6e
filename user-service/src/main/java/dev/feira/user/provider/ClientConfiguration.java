package dev.feira.user.provider;

import dev.feira.user.config.ProviderProperties;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/** Registers the OAuth clients of {@code feira.provider.clients}. */
@Configuration(proxyBeanMethods = false)
class ClientConfiguration {

    private static final String CLAIMS_IN_ID_TOKEN = "feira.claims-in-id-token";
    private static final String OFFLINE_ACCESS = "offline_access";

    @Bean
    RegisteredClientRepository clients(ProviderProperties settings) {
        return new InMemoryRegisteredClientRepository(settings.clients().entrySet().stream()
                .map(client -> client(client.getKey(), client.getValue(), settings))
                .toList());
    }

    private static RegisteredClient client(String id, ProviderProperties.Client client, ProviderProperties settings) {
        var builder = RegisteredClient.withId(id)
                .clientId(id)
                .clientName(client.name())
                .authorizationGrantTypes(
                        types -> client.grants().forEach(grant -> types.add(new AuthorizationGrantType(grant))))
                .redirectUris(uris -> uris.addAll(client.redirectUris()))
                .postLogoutRedirectUris(uris -> uris.addAll(client.postLogoutRedirectUris()))
                .scopes(scopes -> {
                    scopes.addAll(client.scopes());
                    if (client.grants().contains(AuthorizationGrantType.REFRESH_TOKEN.getValue())) {
                        scopes.add(OFFLINE_ACCESS); // each sign-in of this client gets a refresh token
                    }
                })
                .clientSettings(ClientSettings.builder()
                        .requireProofKey(client.proofKey())
                        .requireAuthorizationConsent(false) // all clients are the shop itself
                        .setting(CLAIMS_IN_ID_TOKEN, client.claimsInIdToken())
                        .build())
                .tokenSettings(TokenSettings.builder()
                        .accessTokenTimeToLive(settings.accessTokenLifetime())
                        .authorizationCodeTimeToLive(settings.authorizationCodeLifetime())
                        .deviceCodeTimeToLive(settings.deviceCodeLifetime())
                        .refreshTokenTimeToLive(settings.refreshTokenIdle())
                        .reuseRefreshTokens(false)
                        .idTokenSignatureAlgorithm(
                                Objects.requireNonNull(SignatureAlgorithm.from(client.idTokenAlgorithm())))
                        .build());
        if (client.confidential()) {
            builder.clientSecret(client.secret())
                    .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                    .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST);
        } else {
            builder.clientAuthenticationMethod(ClientAuthenticationMethod.NONE);
        }
        return builder.build();
    }

    /** Whether the ID tokens of a client have the claims of its scopes; all others get them from the userinfo endpoint. */
    static boolean hasClaimsInIdToken(RegisteredClient client) {
        return Boolean.TRUE.equals(client.getClientSettings().getSetting(CLAIMS_IN_ID_TOKEN));
    }

    /**
     * Compares client secrets in constant time. They are long, random and only in memory: a slow hash would protect
     * nothing and cost some 50 ms of each token request.
     */
    static final class PlainSecrets implements PasswordEncoder {

        @Override
        public @Nullable String encode(@Nullable CharSequence secret) {
            return secret == null ? null : secret.toString();
        }

        @Override
        public boolean matches(@Nullable CharSequence secret, @Nullable String expected) {
            return secret != null
                    && expected != null
                    && MessageDigest.isEqual(
                            secret.toString().getBytes(StandardCharsets.UTF_8),
                            expected.getBytes(StandardCharsets.UTF_8));
        }
    }
}
