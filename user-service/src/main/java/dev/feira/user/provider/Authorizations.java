package dev.feira.user.provider;

import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import dev.feira.user.application.Expiring;
import dev.feira.user.application.Profiles;
import dev.feira.user.application.SecurityLog;
import dev.feira.user.config.ProviderProperties;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.keys.KeyRing;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2DeviceCode;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.core.OAuth2UserCode;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.MappedJwtClaimSetConverter;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is kept of grants and tokens.
 *
 * <p>Tokens are kept as hashes: an authorization that is loaded knows the value of the one token it was found by, and
 * stands in {@code stored:…} for the others. One authorization is the family of all tokens that come from one sign-in;
 * tokens that were replaced stay known until they expire, so that a refresh token that is used again is noticed.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2">RFC 9700, refresh token rotation</a>
 */
@Component
class Authorizations implements OAuth2AuthorizationService, Profiles.ActiveSessions, Expiring {

    /** Attribute: when the family began, an {@link Instant}. */
    static final String BEGAN_AT = "feira.began-at";

    private static final String STORED = "stored:";

    /** The columns of a {@link StoredToken}. */
    private static final String TOKEN =
            "hash, authorization_id, kind, position, issued_at, expires_at, invalidated, consumed_at";

    private static final Duration KEPT_AFTER_EXPIRY = Duration.ofDays(1);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Clients clients;
    private final KeyRing keyRing;
    private final SecurityLog securityLog;
    private final Duration retryWindow;
    private final Clock clock;

    Authorizations(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Clients clients,
            KeyRing keyRing,
            SecurityLog securityLog,
            ProviderProperties settings,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clients = clients;
        this.keyRing = keyRing;
        this.securityLog = securityLog;
        this.retryWindow = settings.refreshRetryWindow();
        this.clock = clock;
    }

    /** The kinds of tokens, by the framework's class and by the database's word. */
    private enum Kind {
        CODE(OAuth2AuthorizationCode.class),
        ACCESS(OAuth2AccessToken.class),
        ID(OidcIdToken.class),
        REFRESH(OAuth2RefreshToken.class),
        DEVICE(OAuth2DeviceCode.class),
        USER(OAuth2UserCode.class);

        private final Class<? extends OAuth2Token> type;

        Kind(Class<? extends OAuth2Token> type) {
            this.type = type;
        }

        static Optional<Kind> of(OAuth2TokenType type) {
            return Optional.ofNullable(
                    switch (type.getValue()) {
                        case OAuth2ParameterNames.CODE -> CODE;
                        case OAuth2ParameterNames.ACCESS_TOKEN -> ACCESS;
                        case OidcParameterNames.ID_TOKEN -> ID;
                        case OAuth2ParameterNames.REFRESH_TOKEN -> REFRESH;
                        case OAuth2ParameterNames.DEVICE_CODE -> DEVICE;
                        case OAuth2ParameterNames.USER_CODE -> USER;
                        default -> null; // "state" belongs to consent pages, which there are none of
                    });
        }
    }

    /** One row of authorization_tokens. */
    private record StoredToken(
            String hash,
            String authorizationId,
            Kind kind,
            long position,
            Instant issuedAt,
            Instant expiresAt,
            boolean invalidated,
            @Nullable Instant consumedAt) {}

    /** One row of authorizations. */
    private record Family(
            String id,
            String clientId,
            String principalName,
            String grantType,
            Set<String> scopes,
            @Nullable Set<String> requestedScopes,
            @Nullable StoredRequest request,
            @Nullable Instant authenticatedAt,
            Instant createdAt) {}

    /** The authorization request, as JSON without class names. */
    private record StoredRequest(
            String authorizationUri,
            String clientId,
            @Nullable String redirectUri,
            List<String> scopes,
            @Nullable String state,
            Map<String, Object> additionalParameters) {}

    // --- saving

    @Override
    public void save(OAuth2Authorization authorization) {
        transaction.executeWithoutResult(_ -> {
            saveFamily(authorization);
            for (var kind : Kind.values()) {
                var token = authorization.getToken(kind.type);
                if (token != null) {
                    saveToken(authorization.getId(), kind, token);
                }
            }
        });
    }

    private void saveFamily(OAuth2Authorization authorization) {
        Authentication principal = authorization.getAttribute(Principal.class.getName());
        OAuth2AuthorizationRequest request = authorization.getAttribute(OAuth2AuthorizationRequest.class.getName());
        Set<String> requested = authorization.getAttribute(OAuth2ParameterNames.SCOPE);
        jdbc.sql("""
                        insert into authorizations (id, client_id, principal_name, grant_type, scopes, requested_scopes,
                                                    request, authenticated_at, created_at)
                        values (:id, :client, :principal, :grant, :scopes, :requested, :request::jsonb, :authenticatedAt, :now)
                        on conflict (id) do update set principal_name = excluded.principal_name, scopes = excluded.scopes,
                            requested_scopes = excluded.requested_scopes, request = excluded.request,
                            authenticated_at = excluded.authenticated_at
                        """)
                .param("id", authorization.getId())
                .param("client", authorization.getRegisteredClientId())
                .param("principal", authorization.getPrincipalName())
                .param("grant", authorization.getAuthorizationGrantType().getValue())
                .param("scopes", authorization.getAuthorizedScopes().toArray(String[]::new))
                .param("requested", requested == null ? null : requested.toArray(String[]::new))
                .param("request", request == null ? null : JSON.writeValueAsString(stored(request)))
                .param("authenticatedAt", timestamp(authenticatedAt(principal)))
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }

    private void saveToken(String id, Kind kind, OAuth2Authorization.Token<? extends OAuth2Token> token) {
        var value = token.getToken().getTokenValue();
        var hash = value.startsWith(STORED) ? value.substring(STORED.length()) : hash(value);
        var position = jdbc.sql("""
                        insert into authorization_tokens (hash, authorization_id, kind, issued_at, expires_at, invalidated)
                        values (decode(:hash, 'hex'), :id, :kind, :issuedAt, :expiresAt, :invalidated)
                        on conflict (hash) do update set invalidated = excluded.invalidated
                        returning position
                        """)
                .param("hash", hash)
                .param("id", id)
                .param("kind", kind.name())
                .param("issuedAt", timestamp(token.getToken().getIssuedAt()))
                .param("expiresAt", timestamp(token.getToken().getExpiresAt()))
                .param("invalidated", token.isInvalidated())
                .query(Long.class)
                .single();
        if (kind == Kind.REFRESH) {
            if (token.isInvalidated()) { // revoked: so is everything that came from the same sign-in ...
                jdbc.sql("""
                                update authorization_tokens set invalidated = true
                                 where authorization_id = :id and kind <> 'ID'
                                """) // ... but for the ID token, which opens nothing, and ends the sign-in itself
                        .param("id", id)
                        .update();
            } else {
                jdbc.sql("""
                                update authorization_tokens set consumed_at = :now
                                 where authorization_id = :id and kind = 'REFRESH' and position < :position
                                   and consumed_at is null
                                """)
                        .param("now", Timestamp.from(clock.instant()))
                        .param("id", id)
                        .param("position", position)
                        .update();
            }
        }
    }

    @Override
    public void remove(OAuth2Authorization authorization) {
        remove(authorization.getId());
    }

    private void remove(String id) {
        jdbc.sql("delete from authorizations where id = :id").param("id", id).update();
    }

    /** Ends all refreshing by this person's clients. */
    @Override
    public void end(UUID userId) {
        jdbc.sql("delete from authorizations where principal_name = :principal")
                .param("principal", userId.toString())
                .update();
    }

    /** Tokens go a day after their end (one may still sign out with them), families with their last token. */
    @Override
    public int removeExpired() {
        var then = Timestamp.from(clock.instant().minus(KEPT_AFTER_EXPIRY));
        var tokens = jdbc.sql("delete from authorization_tokens where expires_at < :then")
                .param("then", then)
                .update();
        return tokens + jdbc.sql("""
                        delete from authorizations a where created_at < :then
                           and not exists (select 1 from authorization_tokens t where t.authorization_id = a.id)
                        """).param("then", then).update();
    }

    // --- finding

    @Override
    public @Nullable OAuth2Authorization findById(String id) {
        return load(id, null, null);
    }

    @Override
    public @Nullable OAuth2Authorization findByToken(String value, @Nullable OAuth2TokenType type) {
        if (type != null && Kind.of(type).isEmpty()) {
            return null;
        }
        var wanted = type == null ? null : Kind.of(type).orElseThrow();
        var found = find(hash(value)).filter(token -> wanted == null || token.kind() == wanted);
        if (found.isPresent() && TransactionSynchronizationManager.isActualTransactionActive()) {
            // a grant: it holds the family until it ends, so that of two requests with one token one sees the other
            hold(found.get().authorizationId());
            found = find(hash(value));
        }
        if (found.isEmpty()) {
            return wanted == Kind.ID ? findByOldIdToken(value) : null;
        }
        var token = found.get();
        if (wanted == Kind.REFRESH && token.consumedAt() != null && !isRetry(token)) {
            refreshTokenReused(token);
            return null;
        }
        if (wanted == Kind.CODE && token.invalidated()) {
            codeReused(token);
        }
        return load(token.authorizationId(), token, value);
    }

    private void hold(String id) {
        jdbc.sql("select id from authorizations where id = :id for update")
                .param("id", id)
                .query(String.class)
                .optional();
    }

    /**
     * Whether a refresh token that has a successor already may be used once more: the client lost the answer, or two of
     * its replicas refreshed at once. It gets the same successor again (see {@link RefreshTokenGenerator}). This is so for a
     * short while only, and only as long as the successor was not used itself.
     */
    private boolean isRetry(StoredToken token) {
        var consumedAt = Objects.requireNonNull(token.consumedAt());
        if (consumedAt.plus(retryWindow).isBefore(clock.instant())) {
            return false;
        }
        var later = jdbc.sql("""
                        select count(*) from authorization_tokens
                         where authorization_id = :id and kind = 'REFRESH' and position > :position
                        """)
                .param("id", token.authorizationId())
                .param("position", token.position())
                .query(Integer.class)
                .single();
        return later == 1;
    }

    /** Someone has a copy, and it cannot be told who is who: the whole family ends. */
    private void refreshTokenReused(StoredToken token) {
        jdbc.sql("delete from authorizations where id = :id returning client_id, principal_name")
                .param("id", token.authorizationId())
                .query((row, _) -> Map.entry(row.getString("client_id"), row.getString("principal_name")))
                .optional()
                .ifPresent(family -> record(SecurityEvent.Type.REFRESH_TOKEN_REUSED, family, token));
    }

    /** Ends what the code gave, and says so once, although the framework asks for the code more than once. */
    private void codeReused(StoredToken token) {
        transaction.executeWithoutResult(_ -> {
            hold(token.authorizationId()); // a renewal under way would give a token that is not ended
            endWhatTheCodeGave(token);
        });
    }

    private void endWhatTheCodeGave(StoredToken token) {
        var ended = jdbc.sql("""
                        update authorization_tokens set invalidated = true
                         where authorization_id = :id and kind in ('ACCESS', 'REFRESH') and not invalidated
                        """).param("id", token.authorizationId()).update();
        if (ended == 0) {
            return;
        }
        jdbc.sql("select client_id, principal_name from authorizations where id = :id")
                .param("id", token.authorizationId())
                .query((row, _) -> Map.entry(row.getString("client_id"), row.getString("principal_name")))
                .optional()
                .ifPresent(family -> record(SecurityEvent.Type.CODE_REUSED, family, token));
    }

    private void record(SecurityEvent.Type type, Map.Entry<String, String> family, StoredToken token) {
        securityLog.record(
                type,
                uuid(family.getValue()),
                family.getKey(),
                CallerAddress.current(),
                Map.of("family", token.authorizationId()));
    }

    /** An ID token that was replaced and forgotten still says whose sign-in it came from: our signature vouches. */
    private @Nullable OAuth2Authorization findByOldIdToken(String value) {
        try {
            if (!(JWTParser.parse(value) instanceof SignedJWT jwt) || !IdTokens.isSignedBy(jwt, keyRing.published())) {
                return null;
            }
            var claims = jwt.getJWTClaimsSet();
            if (!(claims.getClaim(TokenClaims.SESSION_ID) instanceof String id)
                    || claims.getIssueTime() == null
                    || claims.getExpirationTime() == null) {
                return null;
            }
            var token = new StoredToken(
                    hash(value),
                    id,
                    Kind.ID,
                    0,
                    claims.getIssueTime().toInstant(),
                    claims.getExpirationTime().toInstant(),
                    false,
                    null);
            return load(id, token, value);
        } catch (ParseException e) {
            return null;
        }
    }

    private Optional<StoredToken> find(String hash) {
        return jdbc.sql("select " + TOKEN + " from authorization_tokens where hash = decode(:hash, 'hex')")
                .param("hash", hash)
                .query((row, _) -> token(row))
                .optional();
    }

    private @Nullable OAuth2Authorization load(String id, @Nullable StoredToken presented, @Nullable String value) {
        var family =
                jdbc.sql("""
                        select id, client_id, principal_name, grant_type, scopes, requested_scopes, request,
                               authenticated_at, created_at
                          from authorizations where id = :id""").param("id", id).query((row, _) -> family(row)).optional();
        RegisteredClient client =
                family.isEmpty() ? null : clients.findById(family.get().clientId());
        if (client == null) {
            return null;
        }
        var builder = builder(family.get(), client);
        jdbc.sql("""
                        select distinct on (kind) %s from authorization_tokens where authorization_id = :id
                         order by kind, position desc
                        """.formatted(TOKEN)).param("id", id).query((row, _) -> token(row)).list().stream()
                .filter(token -> presented == null || token.kind() != presented.kind())
                .forEach(token -> add(builder, token, STORED + token.hash(), null));
        if (presented != null && value != null) {
            add(builder, presented, value, value);
        }
        return builder.build();
    }

    private static Family family(ResultSet row) throws SQLException {
        var authenticatedAt = row.getTimestamp("authenticated_at");
        var requested = row.getArray("requested_scopes");
        var request = row.getString("request");
        return new Family(
                row.getString("id"),
                row.getString("client_id"),
                row.getString("principal_name"),
                row.getString("grant_type"),
                strings(row.getArray("scopes")),
                requested == null ? null : strings(requested),
                request == null ? null : JSON.readValue(request, StoredRequest.class),
                authenticatedAt == null ? null : authenticatedAt.toInstant(),
                row.getTimestamp("created_at").toInstant());
    }

    private static OAuth2Authorization.Builder builder(Family family, RegisteredClient client) {
        var builder = OAuth2Authorization.withRegisteredClient(client)
                .id(family.id())
                .principalName(family.principalName())
                .authorizationGrantType(new AuthorizationGrantType(family.grantType()))
                .authorizedScopes(family.scopes())
                .attribute(BEGAN_AT, family.createdAt());
        if (family.authenticatedAt() != null) {
            builder.attribute(Principal.class.getName(), person(family.principalName(), family.authenticatedAt()));
        }
        if (family.requestedScopes() != null) {
            builder.attribute(OAuth2ParameterNames.SCOPE, family.requestedScopes());
        }
        if (family.request() != null) {
            builder.attribute(OAuth2AuthorizationRequest.class.getName(), request(family.request()));
        }
        return builder;
    }

    private static void add(
            OAuth2Authorization.Builder family, StoredToken token, String value, @Nullable String presented) {
        var issued = token.issuedAt();
        var expires = token.expiresAt();
        var known = family.build();
        switch (token.kind()) {
            case CODE -> put(family, new OAuth2AuthorizationCode(value, issued, expires), token, Map.of());
            case REFRESH -> put(family, new OAuth2RefreshToken(value, issued, expires), token, Map.of());
            case DEVICE -> put(family, new OAuth2DeviceCode(value, issued, expires), token, Map.of());
            case USER -> put(family, new OAuth2UserCode(value, issued, expires), token, Map.of());
            case ACCESS -> {
                var claims = presented == null ? Map.<String, Object>of() : claims(presented);
                var scopes = scopes(claims).orElse(known.getAuthorizedScopes());
                put(
                        family,
                        new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, value, issued, expires, scopes),
                        token,
                        claims);
            }
            case ID -> {
                // what the framework asks of an earlier ID token: whose it is, and for whom
                Map<String, Object> claims = Map.of(
                        "sub",
                        known.getPrincipalName(),
                        "aud",
                        List.of(known.getRegisteredClientId()),
                        "iat",
                        issued,
                        "exp",
                        expires);
                put(family, new OidcIdToken(value, issued, expires, claims), token, claims);
            }
        }
    }

    private static <T extends OAuth2Token> void put(
            OAuth2Authorization.Builder family, T value, StoredToken token, Map<String, Object> claims) {
        family.token(value, metadata -> {
            metadata.put(OAuth2Authorization.Token.INVALIDATED_METADATA_NAME, token.invalidated());
            if (!claims.isEmpty()) {
                metadata.put(OAuth2Authorization.Token.CLAIMS_METADATA_NAME, claims);
            }
        });
    }

    // --- conversions

    /** A person who signed in with a password, as sessions and authorizations carry it: by id alone. */
    static Authentication person(String userId, Instant authenticatedAt) {
        return UsernamePasswordAuthenticationToken.authenticated(
                userId,
                null,
                List.of(FactorGrantedAuthority.withAuthority(FactorGrantedAuthority.PASSWORD_AUTHORITY)
                        .issuedAt(authenticatedAt)
                        .build()));
    }

    /** Returns when the person proved who they are, or null for a client's own authentication. */
    static @Nullable Instant authenticatedAt(@Nullable Authentication principal) {
        return principal == null
                ? null
                : principal.getAuthorities().stream()
                        .filter(FactorGrantedAuthority.class::isInstance)
                        .map(authority -> ((FactorGrantedAuthority) authority).getIssuedAt())
                        .max(Instant::compareTo)
                        .orElse(null);
    }

    private static StoredRequest stored(OAuth2AuthorizationRequest request) {
        return new StoredRequest(
                request.getAuthorizationUri(),
                request.getClientId(),
                request.getRedirectUri(),
                List.copyOf(request.getScopes()),
                request.getState(),
                request.getAdditionalParameters());
    }

    private static OAuth2AuthorizationRequest request(StoredRequest stored) {
        var builder = OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(stored.authorizationUri())
                .clientId(stored.clientId())
                .scopes(new LinkedHashSet<>(stored.scopes()))
                .additionalParameters(stored.additionalParameters());
        if (stored.redirectUri() != null) {
            builder.redirectUri(stored.redirectUri());
        }
        if (stored.state() != null) {
            builder.state(stored.state());
        }
        return builder.build();
    }

    private static StoredToken token(ResultSet row) throws SQLException {
        var consumedAt = row.getTimestamp("consumed_at");
        return new StoredToken(
                HexFormat.of().formatHex(row.getBytes("hash")),
                row.getString("authorization_id"),
                Kind.valueOf(row.getString("kind")),
                row.getLong("position"),
                row.getTimestamp("issued_at").toInstant(),
                row.getTimestamp("expires_at").toInstant(),
                row.getBoolean("invalidated"),
                consumedAt == null ? null : consumedAt.toInstant());
    }

    private static Map<String, Object> claims(String jwt) {
        try {
            return MappedJwtClaimSetConverter.withDefaults(Map.of())
                    .convert(JWTParser.parse(jwt).getJWTClaimsSet().getClaims());
        } catch (ParseException e) {
            return Map.of();
        }
    }

    private static Optional<Set<String>> scopes(Map<String, Object> claims) {
        return claims.get(OAuth2ParameterNames.SCOPE) instanceof String scope
                ? Optional.of(new LinkedHashSet<>(Arrays.asList(scope.split(" "))))
                : Optional.empty();
    }

    private static Set<String> strings(Array array) throws SQLException {
        return new LinkedHashSet<>(Arrays.asList((String[]) array.getArray()));
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant time) {
        return time == null ? null : Timestamp.from(time);
    }

    private static @Nullable UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null; // a client of its own
        }
    }

    private static String hash(String value) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
