package dev.feira.user.provider;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.feira.user.config.ProviderProperties;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Primary;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Decorates the store of authorizations: reuse of a refresh token or of a code ends the tokens of its family.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2">RFC 9700, refresh token rotation</a>
 */
@Component
@Primary
class ReuseDetectingAuthorizationService implements OAuth2AuthorizationService {

    private final OAuth2AuthorizationService store;
    private final TransactionOperations transaction;
    private final SecurityLog securityLog;
    private final JwtDecoder expiredIdTokens;
    private final Duration retryWindow;
    private final Clock clock;

    ReuseDetectingAuthorizationService(
            OAuth2AuthorizationService store,
            TransactionOperations transaction,
            SecurityLog securityLog,
            JWKSource<SecurityContext> keys,
            ProviderProperties settings,
            Clock clock) {
        this.store = store;
        this.transaction = transaction;
        this.securityLog = securityLog;
        this.expiredIdTokens =
                AuthorizationServerConfiguration.idTokens(keys, _ -> OAuth2TokenValidatorResult.success());
        this.retryWindow = settings.refreshRetryWindow();
        this.clock = clock;
    }

    @Override
    public void save(OAuth2Authorization authorization) {
        // stored with the first save only: that of the user's browser, not of the client's later requests
        var device = Device.current();
        store.save(
                device == null || authorization.getAttribute(Device.ATTRIBUTE) != null
                        ? authorization
                        : OAuth2Authorization.from(authorization)
                                .attribute(Device.ATTRIBUTE, device)
                                .build());
    }

    @Override
    public void remove(OAuth2Authorization authorization) {
        store.remove(authorization);
    }

    @Override
    public @Nullable OAuth2Authorization findById(String id) {
        return store.findById(id);
    }

    @Override
    public @Nullable OAuth2Authorization findByToken(String value, @Nullable OAuth2TokenType type) {
        return switch (type == null ? "" : type.getValue()) {
            // in a transaction, the store waits for a renewal that holds the family
            case OAuth2ParameterNames.CODE -> transaction.execute(_ -> findByCode(value, type));
            case OAuth2ParameterNames.REFRESH_TOKEN -> transaction.execute(_ -> findByRefreshToken(value, type));
            case OidcParameterNames.ID_TOKEN -> findByIdToken(value, type);
            default -> store.findByToken(value, type);
        };
    }

    private @Nullable OAuth2Authorization findByRefreshToken(String value, @Nullable OAuth2TokenType type) {
        var family = store.findByToken(value, type);
        var token = token(family, value);
        if (family == null || token == null) {
            return null;
        }
        if (!isReused(token)) {
            return family;
        }
        store.remove(family);
        record(SecurityEvent.Type.REFRESH_TOKEN_REUSED, family);
        return null;
    }

    /**
     * Returns whether the refresh token was reused. A client that lost the response, or two of its replicas, may use it
     * again for a short time, as long as the successor is unused. {@link RefreshTokenGenerator} returns the same
     * successor.
     */
    private boolean isReused(OAuth2Authorization.Token<?> token) {
        TokenFamily.@Nullable Consumption consumption = token.getMetadata(TokenFamily.CONSUMPTION);
        return consumption != null
                && (consumption.successors() != 1
                        || consumption.at().plus(retryWindow).isBefore(clock.instant()));
    }

    /** Invalidates what a used code issued. The framework asks several times; only the first time records the reuse. */
    private @Nullable OAuth2Authorization findByCode(String value, @Nullable OAuth2TokenType type) {
        var family = store.findByToken(value, type);
        var token = token(family, value);
        if (family == null || token == null) {
            return null;
        }
        if (!token.isInvalidated()) {
            return family;
        }
        var issued = family.getRefreshToken() != null ? family.getRefreshToken() : family.getAccessToken();
        if (issued != null && !issued.isInvalidated()) {
            store.save(OAuth2Authorization.from(family)
                    .invalidate(issued.getToken())
                    .build());
            record(SecurityEvent.Type.CODE_REUSED, family);
        }
        return family;
    }

    /** A user may sign out with an ID token that is no longer stored: its signature proves its family. */
    private @Nullable OAuth2Authorization findByIdToken(String value, @Nullable OAuth2TokenType type) {
        var family = store.findByToken(value, type);
        if (family != null) {
            return family;
        }
        try {
            var jwt = expiredIdTokens.decode(value);
            var signIn = jwt.getClaimAsString(TokenClaims.SESSION_ID);
            family = signIn == null ? null : store.findById(signIn);
            return family == null || jwt.getIssuedAt() == null || jwt.getExpiresAt() == null
                    ? null
                    : OAuth2Authorization.from(family)
                            .token(new OidcIdToken(value, jwt.getIssuedAt(), jwt.getExpiresAt(), jwt.getClaims()))
                            .build();
        } catch (JwtException e) {
            return null;
        }
    }

    /** Returns the presented token; null without a family, or if the token was deleted after its family was found. */
    private static OAuth2Authorization.@Nullable Token<?> token(@Nullable OAuth2Authorization family, String value) {
        return family == null ? null : family.getToken(value);
    }

    private void record(SecurityEvent.Type type, OAuth2Authorization family) {
        securityLog.record(
                type,
                UUID.fromString(family.getPrincipalName()),
                family.getRegisteredClientId(),
                CallerAddress.current(),
                Map.of("family", family.getId()));
    }
}
