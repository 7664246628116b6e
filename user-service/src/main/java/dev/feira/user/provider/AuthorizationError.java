package dev.feira.user.provider;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;

/**
 * An error in an authorization request that cannot be sent to the client, since the client or its redirect URI is unknown.
 *
 * @param parameter the parameter that is wrong, or null
 * @param clientId as requested, or empty
 * @param requestId the gateway's id of the request, or empty
 */
public record AuthorizationError(@Nullable String parameter, String clientId, String requestId) {

    /** The page that explains it. */
    public static final String PATH = "/authorization-error";

    /** The attribute of the request that is forwarded to the page. */
    public static final String ATTRIBUTE = "feira.authorization-error";

    /** Begins the description of each error that names a parameter, as the framework writes it. */
    static final String FRAMEWORK_PREFIX = "OAuth 2.0 Parameter: ";

    private static final int LONGEST = 100;

    static AuthorizationError of(OAuth2Error error, HttpServletRequest request) {
        var description = error.getDescription();
        return new AuthorizationError(
                description != null && description.startsWith(FRAMEWORK_PREFIX)
                        ? description.substring(FRAMEWORK_PREFIX.length())
                        : null,
                shortened(request.getParameter(OAuth2ParameterNames.CLIENT_ID)),
                shortened(request.getHeader("X-Request-Id")));
    }

    private static String shortened(@Nullable String text) {
        return text == null ? "" : text.substring(0, Math.min(text.length(), LONGEST));
    }

    /** What is wrong and what is allowed, for a developer of the client. */
    public String detail() {
        return switch (parameter) {
            case OAuth2ParameterNames.CLIENT_ID -> "client_id must be the id of a registered client, sent once.";
            case OAuth2ParameterNames.REDIRECT_URI ->
                "redirect_uri must be one that this client registered, character by character and without a fragment.";
            case OAuth2ParameterNames.RESPONSE_TYPE -> "response_type must be code, sent once.";
            case null -> "The authorization request is malformed.";
            default -> parameter + " is missing, malformed or sent more than once.";
        };
    }
}
