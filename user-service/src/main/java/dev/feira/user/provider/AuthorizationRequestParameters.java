package dev.feira.user.provider;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationContext;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationValidator;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * Reads an authorization request by the framework's converter. Ignores scopes that the client may not request, and rejects
 * request objects, which are not supported; NUL, which PostgreSQL rejects in text; and a {@code max_age} that is no number.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims">OpenID Connect Core 1.0, section 5.4</a>
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#AuthError">... section 3.1.2.6</a>
 */
final class AuthorizationRequestParameters
        implements AuthenticationConverter, Consumer<OAuth2AuthorizationCodeRequestAuthenticationContext> {

    /** A name that no client can send: the converter rejects NUL. */
    private static final String REQUEST_URI = "\0" + OAuth2ParameterNames.REQUEST_URI;

    private final AuthenticationConverter converter;
    private final RegisteredClientRepository clients;
    private final OAuth2AuthorizationCodeRequestAuthenticationValidator validator =
            new OAuth2AuthorizationCodeRequestAuthenticationValidator();

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
        return converter.convert(read) instanceof OAuth2AuthorizationCodeRequestAuthenticationToken token
                ? adapted(token, requestUri)
                : null;
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
            additional.put(REQUEST_URI, requestUri);
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
        var permitted = new HashSet<>(scopes);
        if (client != null) {
            permitted.retainAll(client.getScopes());
        }
        return permitted;
    }

    /** Checks the redirect URI first: later errors are sent there. */
    @Override
    public void accept(OAuth2AuthorizationCodeRequestAuthenticationContext context) {
        validator.accept(context);
        OAuth2AuthorizationCodeRequestAuthenticationToken request = context.getAuthentication();
        var parameters = request.getAdditionalParameters();
        if (parameters.containsKey("request")) {
            throw error("request_not_supported", "Request objects are not supported.", request);
        }
        if (parameters.containsKey(REQUEST_URI)) {
            throw error("request_uri_not_supported", "Request objects are not supported.", request);
        }
        if (!isAge(parameters)) {
            throw error(OAuth2ErrorCodes.INVALID_REQUEST, "max_age must be a number of seconds.", request);
        }
    }

    private static boolean isAge(Map<String, Object> parameters) {
        var age = parameters.get("max_age");
        return age == null || age instanceof String text && text.matches("\\d{1,9}");
    }

    private static OAuth2AuthorizationCodeRequestAuthenticationException error(
            String code, String description, OAuth2AuthorizationCodeRequestAuthenticationToken request) {
        return new OAuth2AuthorizationCodeRequestAuthenticationException(
                new OAuth2Error(code, description, null), request);
    }
}
