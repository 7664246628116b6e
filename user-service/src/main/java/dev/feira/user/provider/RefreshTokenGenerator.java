package dev.feira.user.provider;

import dev.feira.user.config.ProviderProperties;
import dev.feira.user.keys.KeyCipher;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2RefreshTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;

/**
 * Generates refresh tokens, also for public clients, since they are rotated (RFC 9700, section 2.2.2). The first token of a
 * family is random; each successor is derived from its predecessor, so that a retry gets the same one.
 */
class RefreshTokenGenerator implements OAuth2TokenGenerator<OAuth2RefreshToken> {

    private static final int RANDOM_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final KeyCipher cipher;
    private final ProviderProperties settings;
    private final Clock clock;

    RefreshTokenGenerator(KeyCipher cipher, ProviderProperties settings, Clock clock) {
        this.cipher = cipher;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public @Nullable OAuth2RefreshToken generate(OAuth2TokenContext context) {
        if (!OAuth2TokenType.REFRESH_TOKEN.equals(context.getTokenType())) {
            return null;
        }
        var now = clock.instant();
        var authorization = context.getAuthorization();
        Instant createdAt = authorization == null ? null : authorization.getAttribute(TokenFamily.CREATED_AT);
        var latest = Objects.requireNonNullElse(createdAt, now).plus(settings.refreshTokenLifetime());
        var idle = now.plus(settings.refreshTokenIdle());
        return new OAuth2RefreshToken(value(context), now, idle.isBefore(latest) ? idle : latest);
    }

    private String value(OAuth2TokenContext context) {
        var bytes = new byte[RANDOM_BYTES];
        if (context.getAuthorizationGrant() instanceof OAuth2RefreshTokenAuthenticationToken grant) {
            bytes = cipher.successor(grant.getRefreshToken());
        } else {
            random.nextBytes(bytes);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
