package dev.feira.user.persistence;

import com.nimbusds.jwt.JWTParser;
import dev.feira.user.domain.ActiveSessions;
import dev.feira.user.domain.ActiveSignIn;
import dev.feira.user.domain.ActiveSignIns;
import dev.feira.user.domain.Expiring;
import dev.feira.user.provider.AuthenticatedUser;
import dev.feira.user.provider.Device;
import dev.feira.user.provider.TokenFamily;
import java.security.Principal;
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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.Authentication;
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
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores authorizations, and of each token its SHA-256 hash. A loaded authorization has the value of the token by which
 * it was found, and {@code stored:<hash>} in place of the other values.
 *
 * <p>One authorization is the family of all tokens of one sign-in. A replaced token stays stored until it expires, so
 * that reuse is detected.
 */
@Repository
class JdbcAuthorizations implements OAuth2AuthorizationService, ActiveSessions, ActiveSignIns, Expiring {

    private static final String STORED = "stored:";
    private static final Duration RETENTION = Duration.ofDays(1);
    private static final JsonMapper JSON = JsonMapper.shared();

    /** The authorization with the newest token of each kind, or the presented token of its kind. */
    private static final String FIND = """
            select a.id, a.client_id, a.principal_name, a.grant_type, a.scopes, a.requested_scopes, a.request,
                   a.authenticated_at, a.created_at,
                   t.hash, t.kind, t.issued_at, t.expires_at, t.invalidated, t.consumed_at,
                   (select count(*) from authorization_tokens s
                     where s.authorization_id = a.id and s.kind = t.kind and s.position > t.position) as successors
              from authorizations a
              left join lateral (select distinct on (kind) hash, kind, position, issued_at, expires_at, invalidated,
                                        consumed_at
                                   from authorization_tokens
                                  where authorization_id = a.id
                                  order by kind, (hash = cast(:presented as bytea)) desc, position desc) t on true
             where a.id = :id
            """;

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final RegisteredClientRepository clients;
    private final Clock clock;

    JdbcAuthorizations(
            JdbcClient jdbc, TransactionOperations transaction, RegisteredClientRepository clients, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clients = clients;
        this.clock = clock;
    }

    /** The kinds of tokens: the value in the database, the framework's class and parameter name. */
    private enum Kind {
        CODE(OAuth2AuthorizationCode.class, OAuth2ParameterNames.CODE),
        ACCESS(OAuth2AccessToken.class, OAuth2ParameterNames.ACCESS_TOKEN),
        ID(OidcIdToken.class, OidcParameterNames.ID_TOKEN),
        REFRESH(OAuth2RefreshToken.class, OAuth2ParameterNames.REFRESH_TOKEN),
        DEVICE(OAuth2DeviceCode.class, OAuth2ParameterNames.DEVICE_CODE),
        USER(OAuth2UserCode.class, OAuth2ParameterNames.USER_CODE);

        private final Class<? extends OAuth2Token> type;
        private final String parameter;

        Kind(Class<? extends OAuth2Token> type, String parameter) {
            this.type = type;
            this.parameter = parameter;
        }
    }

    /** The authorization request, as JSON without class names. */
    private record StoredRequest(
            String authorizationUri,
            String clientId,
            @Nullable String redirectUri,
            List<String> scopes,
            @Nullable String state,
            Map<String, Object> additionalParameters) {

        static StoredRequest of(OAuth2AuthorizationRequest request) {
            return new StoredRequest(
                    request.getAuthorizationUri(),
                    request.getClientId(),
                    request.getRedirectUri(),
                    List.copyOf(request.getScopes()),
                    request.getState(),
                    request.getAdditionalParameters());
        }

        OAuth2AuthorizationRequest toRequest() {
            return OAuth2AuthorizationRequest.authorizationCode()
                    .authorizationUri(authorizationUri)
                    .clientId(clientId)
                    .redirectUri(redirectUri)
                    .scopes(new LinkedHashSet<>(scopes))
                    .state(state)
                    .additionalParameters(additionalParameters)
                    .build();
        }
    }

    /** A newer refresh token consumes the older ones; an invalidated refresh token invalidates the family. */
    @Override
    public void save(OAuth2Authorization authorization) {
        transaction.executeWithoutResult(_ -> {
            saveAuthorization(authorization);
            for (var kind : Kind.values()) {
                var token = authorization.getToken(kind.type);
                if (token != null) {
                    saveToken(authorization.getId(), kind, token);
                }
            }
        });
    }

    private void saveAuthorization(OAuth2Authorization authorization) {
        Authentication principal = authorization.getAttribute(Principal.class.getName());
        OAuth2AuthorizationRequest request = authorization.getAttribute(OAuth2AuthorizationRequest.class.getName());
        Set<String> requested = authorization.getAttribute(OAuth2ParameterNames.SCOPE);
        String device = authorization.getAttribute(Device.ATTRIBUTE);
        jdbc.sql("""
                        insert into authorizations (id, client_id, principal_name, grant_type, scopes, requested_scopes,
                                                    request, authenticated_at, created_at, device)
                        values (:id, :client, :principal, :grant, :scopes, :requested, :request::jsonb, :authenticatedAt, :now, :device)
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
                .param("request", request == null ? null : JSON.writeValueAsString(StoredRequest.of(request)))
                .param("authenticatedAt", timestamp(AuthenticatedUser.authenticatedAt(principal)))
                .param("now", Timestamp.from(clock.instant()))
                .param("device", device)
                .update();
    }

    private void saveToken(String id, Kind kind, OAuth2Authorization.Token<? extends OAuth2Token> token) {
        var value = token.getToken().getTokenValue();
        var hash = value.startsWith(STORED)
                ? HexFormat.of().parseHex(value.substring(STORED.length()))
                : Sha256.hash(value);
        var position = jdbc.sql("""
                        insert into authorization_tokens (hash, authorization_id, kind, issued_at, expires_at, invalidated)
                        values (:hash, :id, :kind, :issuedAt, :expiresAt, :invalidated)
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
        if (kind != Kind.REFRESH) {
            return;
        }
        if (token.isInvalidated()) { // the ID token stays valid: it grants no access, and signs the user out
            jdbc.sql("update authorization_tokens set invalidated = true where authorization_id = :id and kind <> 'ID'")
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

    @Override
    public void remove(OAuth2Authorization authorization) {
        jdbc.sql("delete from authorizations where id = :id")
                .param("id", authorization.getId())
                .update();
    }

    @Override
    public void endAll(UUID userId) {
        jdbc.sql("delete from authorizations where principal_name = :principal")
                .param("principal", userId.toString())
                .update();
    }

    @Override
    public List<ActiveSignIn> of(UUID userId, String accessToken) {
        return signIns("true", userId, accessToken);
    }

    @Override
    public Optional<ActiveSignIn> current(UUID userId, String accessToken) {
        return signIns(
                        "a.id = (select authorization_id from authorization_tokens where hash = :hash)",
                        userId,
                        accessToken)
                .stream()
                .findFirst();
    }

    private List<ActiveSignIn> signIns(String condition, UUID userId, String accessToken) {
        return jdbc.sql("""
                        select a.id, a.client_id, a.device, coalesce(a.authenticated_at, a.created_at) as signed_in_at,
                               max(t.issued_at) as last_used_at, bool_or(t.hash = :hash) as current
                          from authorizations a join authorization_tokens t on t.authorization_id = a.id
                         where a.principal_name = :principal and %s
                         group by a.id
                        having bool_or(t.kind in ('ACCESS', 'REFRESH') and not t.invalidated and t.expires_at > :now)
                         order by last_used_at desc, a.id limit 100""".formatted(condition))
                .param("hash", Sha256.hash(accessToken))
                .param("principal", userId.toString())
                .param("now", Timestamp.from(clock.instant()))
                .query((row, _) -> new ActiveSignIn(
                        row.getString("id"),
                        row.getString("client_id"),
                        row.getString("device"),
                        row.getTimestamp("signed_in_at").toInstant(),
                        row.getTimestamp("last_used_at").toInstant(),
                        row.getBoolean("current")))
                .list();
    }

    /**
     * Removes tokens a day after they expired (an expired ID token may still sign out), and families without tokens. Keeps the
     * newest ID token of a family that can be refreshed: the framework copies claims of it.
     */
    @Override
    public int removeExpired() {
        var then = Timestamp.from(clock.instant().minus(RETENTION));
        var tokens = jdbc.sql("""
                        delete from authorization_tokens t
                         where t.expires_at < :then
                           and not (t.kind = 'ID'
                                and exists (select 1 from authorization_tokens r
                                             where r.authorization_id = t.authorization_id
                                               and r.kind = 'REFRESH' and r.expires_at >= :then)
                                and not exists (select 1 from authorization_tokens n
                                                 where n.authorization_id = t.authorization_id
                                                   and n.kind = 'ID' and n.issued_at > t.issued_at))""").param("then", then).update();
        return tokens + jdbc.sql("""
                        delete from authorizations a where created_at < :then
                           and not exists (select 1 from authorization_tokens t where t.authorization_id = a.id)
                        """).param("then", then).update();
    }

    @Override
    public @Nullable OAuth2Authorization findById(String id) {
        return find(id, null).orElse(null);
    }

    /** In a transaction, locks the family first: of two requests with one token, the second sees the first's result. */
    @Override
    public @Nullable OAuth2Authorization findByToken(String value, @Nullable OAuth2TokenType type) {
        var kinds = Arrays.stream(Kind.values())
                .filter(kind -> type == null || kind.parameter.equals(type.getValue()))
                .map(Kind::name)
                .toArray(String[]::new);
        return jdbc.sql("""
                        select a.id from authorizations a join authorization_tokens t on t.authorization_id = a.id
                         where t.hash = :hash and t.kind = any(:kinds)
                        """ + (TransactionSynchronizationManager.isActualTransactionActive() ? "for update of a" : ""))
                .param("hash", Sha256.hash(value))
                .param("kinds", kinds)
                .query(String.class)
                .optional()
                .flatMap(id -> find(id, value))
                .orElse(null);
    }

    private Optional<OAuth2Authorization> find(String id, @Nullable String presented) {
        return jdbc.sql(FIND)
                .param("id", id)
                .param("presented", presented == null ? null : Sha256.hash(presented))
                .query(rows -> {
                    OAuth2Authorization.@Nullable Builder found = null;
                    while (rows.next()) {
                        found = found == null ? authorization(rows) : found;
                        if (found == null) {
                            return Optional.<OAuth2Authorization>empty(); // the client was removed
                        }
                        if (rows.getString("kind") != null) {
                            addToken(found, rows, presented);
                        }
                    }
                    return Optional.ofNullable(found).map(OAuth2Authorization.Builder::build);
                });
    }

    private OAuth2Authorization.@Nullable Builder authorization(ResultSet row) throws SQLException {
        var client = clients.findById(row.getString("client_id"));
        if (client == null) {
            return null;
        }
        var principal = row.getString("principal_name");
        var found = OAuth2Authorization.withRegisteredClient(client)
                .id(row.getString("id"))
                .principalName(principal)
                .authorizationGrantType(new AuthorizationGrantType(row.getString("grant_type")))
                .authorizedScopes(strings(row, "scopes").orElseGet(Set::of))
                .attribute(
                        TokenFamily.CREATED_AT, row.getTimestamp("created_at").toInstant());
        instant(row, "authenticated_at")
                .ifPresent(at -> found.attribute(Principal.class.getName(), AuthenticatedUser.of(principal, at)));
        strings(row, "requested_scopes").ifPresent(scopes -> found.attribute(OAuth2ParameterNames.SCOPE, scopes));
        Optional.ofNullable(row.getString("request"))
                .map(json -> JSON.readValue(json, StoredRequest.class).toRequest())
                .ifPresent(request -> found.attribute(OAuth2AuthorizationRequest.class.getName(), request));
        return found;
    }

    private static void addToken(OAuth2Authorization.Builder authorization, ResultSet row, @Nullable String presented)
            throws SQLException {
        var hash = row.getBytes("hash");
        var value = presented != null && Arrays.equals(hash, Sha256.hash(presented))
                ? presented
                : STORED + HexFormat.of().formatHex(hash);
        var issued = row.getTimestamp("issued_at").toInstant();
        var expires = row.getTimestamp("expires_at").toInstant();
        var kind = Kind.valueOf(row.getString("kind"));
        var claims = kind == Kind.ID
                // the claims that the framework reads from an earlier ID token
                ? Map.of("sub", row.getString("principal_name"), "aud", List.of(row.getString("client_id")))
                : value.equals(presented) ? claims(value) : Map.<String, Object>of();
        OAuth2Token token = switch (kind) {
            case CODE -> new OAuth2AuthorizationCode(value, issued, expires);
            case ACCESS ->
                new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, value, issued, expires, scopes(claims, row));
            case ID -> new OidcIdToken(value, issued, expires, claims);
            case REFRESH -> new OAuth2RefreshToken(value, issued, expires);
            case DEVICE -> new OAuth2DeviceCode(value, issued, expires);
            case USER -> new OAuth2UserCode(value, issued, expires);
        };
        var invalidated = row.getBoolean("invalidated");
        var consumedAt = instant(row, "consumed_at");
        var successors = row.getInt("successors");
        authorization.token(token, metadata -> {
            metadata.put(OAuth2Authorization.Token.INVALIDATED_METADATA_NAME, invalidated);
            if (!claims.isEmpty()) {
                metadata.put(OAuth2Authorization.Token.CLAIMS_METADATA_NAME, claims);
            }
            consumedAt.ifPresent(
                    at -> metadata.put(TokenFamily.CONSUMPTION, new TokenFamily.Consumption(at, successors)));
        });
    }

    /** The scopes of an access token may be fewer than those of its family. */
    private static Set<String> scopes(Map<String, Object> claims, ResultSet row) throws SQLException {
        return claims.get(OAuth2ParameterNames.SCOPE) instanceof String scope
                ? new LinkedHashSet<>(Arrays.asList(scope.split(" ")))
                : strings(row, "scopes").orElseGet(Set::of);
    }

    /** Returns the claims of a JWT, and none of any other token. */
    private static Map<String, Object> claims(String token) {
        try {
            return MappedJwtClaimSetConverter.withDefaults(Map.of())
                    .convert(JWTParser.parse(token).getJWTClaimsSet().getClaims());
        } catch (ParseException e) {
            return Map.of();
        }
    }

    private static Optional<Set<String>> strings(ResultSet row, String column) throws SQLException {
        var array = row.getArray(column);
        return array == null
                ? Optional.empty()
                : Optional.of(new LinkedHashSet<>(Arrays.asList((String[]) array.getArray())));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant time) {
        return time == null ? null : Timestamp.from(time);
    }
}
