package dev.feira.user.provider;

import dev.feira.defaults.FeiraProperties;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.StandardClaimNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.stereotype.Component;

/**
 * Adds the claims of access and ID tokens. The user is read for each token: a removed role is missing from the next one,
 * and a disabled account gets none.
 */
@Component
class TokenClaims implements OAuth2TokenCustomizer<JwtEncodingContext> {

    /** The claim with the id of the token family, the same in all ID tokens of one sign-in. */
    static final String SESSION_ID = "sid";

    private final Users users;
    private final String audience;

    TokenClaims(Users users, FeiraProperties settings) {
        this.users = users;
        this.audience = settings.identity().audience();
    }

    @Override
    public void customize(JwtEncodingContext context) {
        // an ID token has the algorithm of its client; access tokens are for Feira's own services
        context.getJwsHeader().type("JWT");
        if (OAuth2TokenType.ACCESS_TOKEN.equals(context.getTokenType())) {
            context.getJwsHeader().algorithm(SignatureAlgorithm.ES256);
        }
        if (AuthorizationGrantType.CLIENT_CREDENTIALS.equals(context.getAuthorizationGrantType())) {
            accessToken(context);
            return;
        }
        var principal = context.getPrincipal();
        if (principal == null) {
            throw new IllegalStateException("the grant has no principal");
        }
        var user = user(principal.getName());
        if (OAuth2TokenType.ACCESS_TOKEN.equals(context.getTokenType())) {
            accessToken(context);
            context.getClaims().claim("roles", user.roleLabels());
        } else if (OidcParameterNames.ID_TOKEN.equals(context.getTokenType().getValue())) {
            idToken(context, user);
        }
    }

    private void accessToken(JwtEncodingContext context) {
        var claims = context.getClaims()
                .audience(List.of(audience))
                .claim("client_id", context.getRegisteredClient().getClientId());
        if (!context.getAuthorizedScopes().isEmpty()) {
            // RFC 9068, section 2.2.3: one string, where the framework writes a list
            claims.claim("scope", String.join(" ", context.getAuthorizedScopes()));
        }
    }

    private void idToken(JwtEncodingContext context, User user) {
        var claims = context.getClaims();
        var authorization = context.getAuthorization();
        if (authorization != null) {
            claims.claim(SESSION_ID, authorization.getId());
        }
        var authenticatedAt = AuthenticatedUser.authenticatedAt(context.getPrincipal());
        if (authenticatedAt != null) {
            claims.claim("auth_time", Date.from(authenticatedAt));
        }
        if (ClientConfiguration.hasClaimsInIdToken(context.getRegisteredClient())) {
            userInfo(user, context.getAuthorizedScopes())
                    .getClaims()
                    .forEach((name, value) -> claims.claim(name, value));
        }
    }

    /**
     * Returns the claims for the userinfo endpoint, by scope; OpenID Connect Core 1.0, section 5.4. {@code roles} belong to the
     * scope {@code profile}.
     */
    OidcUserInfo userInfo(OAuth2Authorization authorization) {
        return userInfo(user(authorization.getPrincipalName()), authorization.getAuthorizedScopes());
    }

    private static OidcUserInfo userInfo(User user, Set<String> scopes) {
        var info = OidcUserInfo.builder().subject(user.id().toString());
        if (scopes.contains(OidcScopes.PROFILE)) {
            info.name(user.name())
                    .locale(user.locale())
                    .claim(StandardClaimNames.UPDATED_AT, user.updatedAt().getEpochSecond())
                    .claim("roles", user.roleLabels());
        }
        if (scopes.contains(OidcScopes.EMAIL)) {
            info.email(user.email()).emailVerified(user.emailVerified());
        }
        return info.build();
    }

    private User user(String subject) {
        return id(subject)
                .flatMap(users::findById)
                .filter(User::maySignIn)
                .orElseThrow(() -> new OAuth2AuthenticationException(new OAuth2Error(
                        OAuth2ErrorCodes.INVALID_GRANT, "The account is disabled or does not exist.", null)));
    }

    private static Optional<UUID> id(String subject) {
        try {
            return Optional.of(UUID.fromString(subject));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
