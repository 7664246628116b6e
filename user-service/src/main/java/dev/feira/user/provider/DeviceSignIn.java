package dev.feira.user.provider;

import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceAuthorizationRequestAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceAuthorizationRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceCodeAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceCodeAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.context.AuthorizationServerContextHolder;
import org.springframework.security.oauth2.server.authorization.token.DefaultOAuth2TokenContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;

/**
 * Adds OpenID Connect to the framework's device grant, which rejects the scope {@code openid} and issues no ID token. Ignores
 * scopes that the client may not request, as {@link AuthorizationRequestParameters} does.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8628">RFC 8628, device authorization grant</a>
 */
final class DeviceSignIn {

    private static final OAuth2TokenType DEVICE_CODE = new OAuth2TokenType(OAuth2ParameterNames.DEVICE_CODE);
    private static final OAuth2TokenType ID_TOKEN = new OAuth2TokenType(OidcParameterNames.ID_TOKEN);

    private final OAuth2AuthorizationService authorizations;
    private final OAuth2TokenGenerator<?> tokens;

    DeviceSignIn(OAuth2AuthorizationService authorizations, OAuth2TokenGenerator<?> tokens) {
        this.authorizations = authorizations;
        this.tokens = tokens;
    }

    AuthenticationProvider withOpenId(AuthenticationProvider provider) {
        return switch (provider) {
            case OAuth2DeviceAuthorizationRequestAuthenticationProvider _ -> new Request(provider);
            case OAuth2DeviceCodeAuthenticationProvider _ -> new Grant(provider);
            default -> provider;
        };
    }

    private final class Request implements AuthenticationProvider {

        private final AuthenticationProvider provider;

        Request(AuthenticationProvider provider) {
            this.provider = provider;
        }

        @Override
        public @Nullable Authentication authenticate(Authentication authentication) {
            var request = (OAuth2DeviceAuthorizationRequestAuthenticationToken) authentication;
            var client = (OAuth2ClientAuthenticationToken) request.getPrincipal();
            var scopes = new HashSet<>(request.getScopes());
            scopes.retainAll(
                    Objects.requireNonNull(client.getRegisteredClient()).getScopes());
            var withOpenId = Set.copyOf(scopes);
            scopes.remove(OidcScopes.OPENID);
            var waiting = (OAuth2DeviceAuthorizationRequestAuthenticationToken) Objects.requireNonNull(
                    provider.authenticate(new OAuth2DeviceAuthorizationRequestAuthenticationToken(
                            client,
                            Objects.requireNonNull(request.getAuthorizationUri()),
                            scopes,
                            request.getAdditionalParameters())));
            if (withOpenId.contains(OidcScopes.OPENID)) {
                var code = Objects.requireNonNull(waiting.getDeviceCode()).getTokenValue();
                authorizations.save(OAuth2Authorization.from(find(code, DEVICE_CODE))
                        .attribute(OAuth2ParameterNames.SCOPE, withOpenId)
                        .build());
            }
            return waiting;
        }

        @Override
        public boolean supports(Class<?> authentication) {
            return OAuth2DeviceAuthorizationRequestAuthenticationToken.class.isAssignableFrom(authentication);
        }
    }

    private final class Grant implements AuthenticationProvider {

        private final AuthenticationProvider provider;

        Grant(AuthenticationProvider provider) {
            this.provider = provider;
        }

        @Override
        public Authentication authenticate(Authentication authentication) {
            var granted = (OAuth2AccessTokenAuthenticationToken)
                    Objects.requireNonNull(provider.authenticate(authentication));
            if (!granted.getAccessToken().getScopes().contains(OidcScopes.OPENID)) {
                return granted;
            }
            var family = find(granted.getAccessToken().getTokenValue(), OAuth2TokenType.ACCESS_TOKEN);
            var idToken = idToken(granted, family, authentication);
            authorizations.save(OAuth2Authorization.from(family)
                    .token(
                            idToken,
                            metadata ->
                                    metadata.put(OAuth2Authorization.Token.CLAIMS_METADATA_NAME, idToken.getClaims()))
                    .build());
            return new OAuth2AccessTokenAuthenticationToken(
                    granted.getRegisteredClient(),
                    (Authentication) granted.getPrincipal(),
                    granted.getAccessToken(),
                    granted.getRefreshToken(),
                    Map.of(OidcParameterNames.ID_TOKEN, idToken.getTokenValue()));
        }

        private OidcIdToken idToken(
                OAuth2AccessTokenAuthenticationToken granted, OAuth2Authorization family, Authentication grant) {
            Authentication user = family.getAttribute(java.security.Principal.class.getName());
            var token = tokens.generate(DefaultOAuth2TokenContext.builder()
                    .registeredClient(granted.getRegisteredClient())
                    .principal(Objects.requireNonNull(user))
                    .authorizationServerContext(AuthorizationServerContextHolder.getContext())
                    .authorization(family)
                    .authorizedScopes(family.getAuthorizedScopes())
                    .tokenType(ID_TOKEN)
                    .authorizationGrantType(AuthorizationGrantType.DEVICE_CODE)
                    .authorizationGrant(grant)
                    .build());
            if (!(token instanceof Jwt jwt)) {
                throw new IllegalStateException("no ID token was generated");
            }
            return new OidcIdToken(jwt.getTokenValue(), jwt.getIssuedAt(), jwt.getExpiresAt(), jwt.getClaims());
        }

        @Override
        public boolean supports(Class<?> authentication) {
            return OAuth2DeviceCodeAuthenticationToken.class.isAssignableFrom(authentication);
        }
    }

    private OAuth2Authorization find(String token, OAuth2TokenType type) {
        return Objects.requireNonNull(authorizations.findByToken(token, type));
    }
}
