package dev.feira.user.provider;

import dev.feira.defaults.database.AfterMigration;
import dev.feira.user.config.ProviderProperties;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The OAuth clients. The configuration says which there are; it is written to the database after each migration, so
 * that every replica works with the same ones.
 */
@Component
@Order(20)
class Clients implements RegisteredClientRepository, AfterMigration {

    private static final Logger log = LoggerFactory.getLogger(Clients.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;
    private final ProviderProperties settings;
    private final Clock clock;

    Clients(JdbcClient jdbc, ProviderProperties settings, Clock clock) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
    }

    /** What is kept of a client; the secret is in a column of its own, hashed. */
    private record Definition(
            String name,
            boolean confidential,
            List<String> grants,
            List<String> redirectUris,
            List<String> postLogoutRedirectUris,
            List<String> scopes) {}

    @Override
    public void run() {
        settings.clients().forEach((id, client) -> {
            var definition = new Definition(
                    client.name(),
                    client.confidential(),
                    client.grants(),
                    client.redirectUris(),
                    client.postLogoutRedirectUris(),
                    client.scopes());
            jdbc.sql("""
                            insert into clients (id, definition, secret_hash, synchronised_at)
                            values (:id, :definition::jsonb, :secretHash, :now)
                            on conflict (id) do update set definition = excluded.definition,
                                secret_hash = excluded.secret_hash, synchronised_at = excluded.synchronised_at
                            """)
                    .param("id", id)
                    .param("definition", JSON.writeValueAsString(definition))
                    .param("secretHash", client.confidential() ? SecretHashes.hash(client.secret()) : null)
                    .param("now", Timestamp.from(clock.instant()))
                    .update();
        });
        var removed = jdbc.sql("delete from clients where id not in (:ids)")
                .param("ids", settings.clients().keySet())
                .update();
        log.info(
                "{} OAuth clients from the configuration, {} removed",
                settings.clients().size(),
                removed);
    }

    @Override
    public void save(RegisteredClient client) {
        throw new UnsupportedOperationException("clients come from the configuration");
    }

    @Override
    public @Nullable RegisteredClient findById(String id) {
        return findByClientId(id); // one and the same
    }

    @Override
    public @Nullable RegisteredClient findByClientId(String clientId) {
        return jdbc.sql("select definition::text, secret_hash from clients where id = :id")
                .param("id", clientId)
                .query((row, _) -> client(
                        clientId,
                        JSON.readValue(row.getString("definition"), Definition.class),
                        row.getString("secret_hash")))
                .optional()
                .orElse(null);
    }

    private RegisteredClient client(String id, Definition definition, @Nullable String secretHash) {
        var builder = RegisteredClient.withId(id)
                .clientId(id)
                .clientName(definition.name())
                .authorizationGrantTypes(
                        types -> definition.grants().forEach(grant -> types.add(new AuthorizationGrantType(grant))))
                .redirectUris(uris -> uris.addAll(definition.redirectUris()))
                .postLogoutRedirectUris(uris -> uris.addAll(definition.postLogoutRedirectUris()))
                .scopes(scopes -> scopes.addAll(definition.scopes()))
                .clientSettings(ClientSettings.builder()
                        .requireProofKey(true) // RFC 9700, section 2.1.1: for confidential clients too
                        .requireAuthorizationConsent(false) // all clients are the shop itself
                        .build())
                .tokenSettings(TokenSettings.builder()
                        .accessTokenFormat(OAuth2TokenFormat.SELF_CONTAINED)
                        .accessTokenTimeToLive(settings.accessTokenLifetime())
                        .authorizationCodeTimeToLive(settings.authorizationCodeLifetime())
                        .deviceCodeTimeToLive(settings.deviceCodeLifetime())
                        .refreshTokenTimeToLive(settings.refreshTokenIdle())
                        .reuseRefreshTokens(false)
                        .idTokenSignatureAlgorithm(SignatureAlgorithm.ES256)
                        .build());
        if (secretHash == null) {
            builder.clientAuthenticationMethod(ClientAuthenticationMethod.NONE);
        } else {
            builder.clientSecret(secretHash)
                    .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                    .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST);
        }
        return builder.build();
    }

    /**
     * SHA-256 of client secrets: they are long and random, so a slow hash would protect nothing and cost 19 MiB and
     * some 50 ms on each token request.
     */
    static final class SecretHashes implements PasswordEncoder {

        static String hash(CharSequence secret) {
            try {
                var digest = MessageDigest.getInstance("SHA-256")
                        .digest(secret.toString().getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(digest);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }

        @Override
        public @Nullable String encode(@Nullable CharSequence secret) {
            return secret == null ? null : hash(secret);
        }

        @Override
        public boolean matches(@Nullable CharSequence secret, @Nullable String hash) {
            return secret != null
                    && hash != null
                    && MessageDigest.isEqual(
                            hash(secret).getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
