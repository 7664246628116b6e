package dev.feira.user.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code feira.provider}.
 *
 * @param accessTokenLifetime lifetime of an access token
 * @param refreshTokenIdle lifetime of an unused refresh token
 * @param refreshTokenLifetime time from the sign-in until the user must sign in again
 * @param refreshRetryWindow how long a used refresh token may be sent again, after a lost response
 * @param clients by client id
 */
@ConfigurationProperties("feira.provider")
public record ProviderProperties(
        @DefaultValue("10m") Duration accessTokenLifetime,
        @DefaultValue("1m") Duration authorizationCodeLifetime,
        @DefaultValue("10m") Duration deviceCodeLifetime,
        @DefaultValue("7d") Duration refreshTokenIdle,
        @DefaultValue("30d") Duration refreshTokenLifetime,
        @DefaultValue("10s") Duration refreshRetryWindow,
        Map<String, Client> clients) {

    private static final int SHORTEST_SECRET = 24;

    public ProviderProperties {
        clients.forEach((id, client) -> {
            // not by annotation: Boot logs values that an annotation rejects
            if (client.confidential() && client.secret().length() < SHORTEST_SECRET) {
                throw new IllegalArgumentException("feira.provider.clients." + id + ".secret "
                        + (client.secret().isBlank() ? "is missing" : "is too short") + ": at least "
                        + SHORTEST_SECRET
                        + " random characters (FEIRA_GATEWAY_CLIENT_SECRET, FEIRA_ORDER_CLIENT_SECRET,"
                        + " FEIRA_CATALOG_CLIENT_SECRET, FEIRA_NOTIFICATION_CLIENT_SECRET,"
                        + " FEIRA_GATEWAY_SERVICE_CLIENT_SECRET)");
            }
            if (!Set.of("ES256", "RS256").contains(client.idTokenAlgorithm())) {
                throw new IllegalArgumentException(
                        "feira.provider.clients." + id + ".id-token-algorithm must be ES256 or RS256");
            }
            if (!client.confidential() && !client.proofKey()) {
                throw new IllegalArgumentException("feira.provider.clients." + id
                        + ".proof-key must be true: a client without a secret needs PKCE");
            }
        });
        clients = Map.copyOf(clients);
    }

    /**
     * An OAuth client.
     *
     * @param name display name
     * @param confidential whether it has a secret; a public client has none
     * @param grants as in RFC 6749, e.g. {@code authorization_code}
     * @param proofKey whether authorization requests need PKCE; RFC 9700, section 2.1.1: for confidential clients too
     * @param idTokenAlgorithm {@code ES256} or {@code RS256}, which signs its ID tokens; RS256 is what clients expect without
     *     a setting of their own (OpenID Connect Dynamic Client Registration 1.0, section 2)
     * @param claimsInIdToken whether ID tokens have the claims of the scopes, which saves a request to the userinfo endpoint
     */
    public record Client(
            String name,
            boolean confidential,
            @DefaultValue("") String secret,
            List<String> grants,
            @DefaultValue List<String> redirectUris,
            @DefaultValue List<String> postLogoutRedirectUris,
            List<String> scopes,
            @DefaultValue("true") boolean proofKey,
            @DefaultValue("RS256") String idTokenAlgorithm,
            @DefaultValue("false") boolean claimsInIdToken) {

        @Override
        public String toString() {
            return "Client[name=" + name + ", secret=***]";
        }
    }
}
