package dev.feira.user.provider;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * Reads an authorization request by the framework's converter. Ignores scopes that the client may not request, and rejects
 * NUL, which PostgreSQL rejects in text. A malformed request of a certain client is reported to it; the framework shows a page.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims">OpenID Connect Core 1.0, section 5.4</a>
 */
final class AuthorizationRequestParameters implements AuthenticationConverter {

    private static final Authentication NOBODY =
            new AnonymousAuthenticationToken("nobody", "nobody", AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));

    private final AuthenticationConverter converter;
    private final RegisteredClientRepository clients;

    AuthorizationRequestParameters(AuthenticationConverter converter, RegisteredClientRepository clients) {
        this.converter = converter;
        this.clients = clients;
    }

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        requireText(request);
        // the framework would read nothing else of the request, not even the redirect URI, to which the error belongs
        var requestUri = request.getParameter(OAuth2ParameterNames.REQUEST_URI);
        var read = requestUri == null ? request : new RequestWithout(request, Set.of(OAuth2ParameterNames.REQUEST_URI));
        try {
            return converter.convert(read) instanceof OAuth2AuthorizationCodeRequestAuthenticationToken token
                    ? adapted(token, requestUri)
                    : null;
        } catch (OAuth2AuthorizationCodeRequestAuthenticationException e) {
            throw new OAuth2AuthorizationCodeRequestAuthenticationException(e.getError(), sender(request));
        }
    }

    /** Returns the certain client of a malformed request, or null if its id or its redirect URI is unknown. */
    private @Nullable OAuth2AuthorizationCodeRequestAuthenticationToken sender(HttpServletRequest request) {
        var clientId = single(request, OAuth2ParameterNames.CLIENT_ID);
        var redirectUri = single(request, OAuth2ParameterNames.REDIRECT_URI);
        var client = clientId == null ? null : clients.findByClientId(clientId);
        return client == null
                        || redirectUri == null
                        || !client.getRedirectUris().contains(redirectUri)
                ? null
                : new OAuth2AuthorizationCodeRequestAuthenticationToken(
                        request.getRequestURL().toString(),
                        client.getClientId(),
                        NOBODY,
                        redirectUri,
                        single(request, OAuth2ParameterNames.STATE),
                        Set.of(),
                        Map.of());
    }

    private static @Nullable String single(HttpServletRequest request, String name) {
        var values = request.getParameterValues(name);
        return values == null || values.length != 1 || values[0].isBlank() ? null : values[0];
    }

    private static void requireText(HttpServletRequest request) {
        if (request.getParameterMap().entrySet().stream()
                .flatMap(parameter -> Stream.concat(Stream.of(parameter.getKey()), Arrays.stream(parameter.getValue())))
                .anyMatch(text -> text.contains("\0"))) {
            throw new OAuth2AuthorizationCodeRequestAuthenticationException(
                    new OAuth2Error(OAuth2ErrorCodes.INVALID_REQUEST), null);
        }
    }

    private OAuth2AuthorizationCodeRequestAuthenticationToken adapted(
            OAuth2AuthorizationCodeRequestAuthenticationToken token, @Nullable String requestUri) {
        var additional = new HashMap<>(token.getAdditionalParameters());
        if (requestUri != null) {
            additional.put(AuthorizationRequestValidator.REQUEST_URI, requestUri);
        }
        return new OAuth2AuthorizationCodeRequestAuthenticationToken(
                token.getAuthorizationUri(),
                token.getClientId(),
                (Authentication) token.getPrincipal(),
                token.getRedirectUri(),
                token.getState(),
                permitted(token.getScopes(), token.getClientId()),
                additional);
    }

    private Set<String> permitted(Set<String> scopes, String clientId) {
        var client = clients.findByClientId(clientId);
        if (client != null && client.getRedirectUris().isEmpty()) {
            throw new OAuth2AuthorizationCodeRequestAuthenticationException(
                    new OAuth2Error(
                            OAuth2ErrorCodes.INVALID_REQUEST,
                            AuthorizationError.FRAMEWORK_PREFIX + OAuth2ParameterNames.CLIENT_ID,
                            null),
                    null);
        }
        var permitted = new HashSet<>(scopes);
        if (client != null) {
            permitted.retainAll(client.getScopes());
        }
        return permitted;
    }
}
