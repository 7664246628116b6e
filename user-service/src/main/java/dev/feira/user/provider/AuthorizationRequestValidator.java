package dev.feira.user.provider;

import java.util.Map;
import java.util.function.Consumer;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationContext;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationValidator;

/**
 * Rejects what the framework ignores: request objects, which are not supported, and a {@code max_age} that is no number.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#AuthError">OpenID Connect Core 1.0, section 3.1.2.6</a>
 */
final class AuthorizationRequestValidator implements Consumer<OAuth2AuthorizationCodeRequestAuthenticationContext> {

    /** Where {@link AuthorizationRequestParameters} puts {@code request_uri}; no client can send this name. */
    static final String REQUEST_URI = "\0" + OAuth2ParameterNames.REQUEST_URI;

    private final OAuth2AuthorizationCodeRequestAuthenticationValidator validator =
            new OAuth2AuthorizationCodeRequestAuthenticationValidator();

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
