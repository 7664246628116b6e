package dev.feira.user.provider;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HashSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2RefreshTokenAuthenticationToken;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * Ignores scopes that the client may not request, as {@link AuthorizationRequestParameters} does: some clients repeat the scopes
 * of their first request. A scope that the client may request and was not granted is still an error.
 */
final class RefreshRequestParameters implements AuthenticationConverter {

    private final AuthenticationConverter converter;

    RefreshRequestParameters(AuthenticationConverter converter) {
        this.converter = converter;
    }

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        if (!(converter.convert(request) instanceof OAuth2RefreshTokenAuthenticationToken refresh)) {
            return null;
        }
        var scopes = new HashSet<>(refresh.getScopes());
        if (refresh.getPrincipal() instanceof OAuth2ClientAuthenticationToken client) {
            scopes.retainAll(
                    Objects.requireNonNull(client.getRegisteredClient()).getScopes());
        }
        return new OAuth2RefreshTokenAuthenticationToken(
                refresh.getRefreshToken(),
                (Authentication) refresh.getPrincipal(),
                scopes,
                refresh.getAdditionalParameters());
    }
}
