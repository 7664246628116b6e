package dev.feira.user.provider;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.util.StringUtils;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * Responds to authorization requests: with a code, an error, the sign-in page, or, if no redirect URI is certain, the page
 * {@link AuthorizationError}. As the framework does, and with the issuer, by which a client of several providers notices
 * that another one responds.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9207">RFC 9207, issuer identification</a>
 */
final class AuthorizationResponses
        implements AuthenticationSuccessHandler, AuthenticationFailureHandler, AuthenticationEntryPoint {

    private final String issuer;
    private final RegisteredClientRepository clients;
    private final AuthenticationEntryPoint signIn = new LoginUrlAuthenticationEntryPoint("/login");

    AuthorizationResponses(String issuer, RegisteredClientRepository clients) {
        this.issuer = issuer;
        this.clients = clients;
    }

    @Override
    public void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication authentication)
            throws IOException {
        var granted = (OAuth2AuthorizationCodeRequestAuthenticationToken) authentication;
        redirect(
                response,
                Objects.requireNonNull(granted.getRedirectUri()),
                granted.getState(),
                Map.of(
                        OAuth2ParameterNames.CODE,
                        Objects.requireNonNull(granted.getAuthorizationCode()).getTokenValue()));
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException, ServletException {
        var failure = (OAuth2AuthorizationCodeRequestAuthenticationException) e;
        var rejected = failure.getAuthorizationCodeRequestAuthentication();
        if (rejected != null
                && rejected.getRedirectUri() != null
                && !rejected.getRedirectUri().isBlank()) {
            redirect(response, rejected.getRedirectUri(), rejected.getState(), parameters(failure.getError()));
            return;
        }
        request.setAttribute(AuthorizationError.ATTRIBUTE, AuthorizationError.of(failure.getError(), request));
        if (HttpMethod.GET.matches(request.getMethod())) {
            request.getRequestDispatcher(AuthorizationError.PATH).forward(request, response);
        } else {
            response.sendError(HttpStatus.BAD_REQUEST.value());
        }
    }

    /** Redirects to an address only that the framework has checked: it leaves the request that it read as an attribute. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException, ServletException {
        if (request.getAttribute(OAuth2AuthorizationCodeRequestAuthenticationToken.class.getName())
                        instanceof OAuth2AuthorizationCodeRequestAuthenticationToken checked
                && AuthorizationRequestFilter.forbidsPages(request)) {
            redirect(
                    response,
                    redirectUri(checked),
                    checked.getState(),
                    parameters(new OAuth2Error("login_required", "The user must sign in.", null)));
        } else {
            signIn.commence(request, response, e);
        }
    }

    private String redirectUri(OAuth2AuthorizationCodeRequestAuthenticationToken checked) {
        return StringUtils.hasText(checked.getRedirectUri())
                ? checked.getRedirectUri()
                : Objects.requireNonNull(clients.findByClientId(checked.getClientId()))
                        .getRedirectUris()
                        .iterator()
                        .next();
    }

    private static Map<String, String> parameters(OAuth2Error error) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put(OAuth2ParameterNames.ERROR, error.getErrorCode());
        if (error.getDescription() != null) {
            parameters.put(OAuth2ParameterNames.ERROR_DESCRIPTION, error.getDescription());
        }
        return parameters;
    }

    private void redirect(
            HttpServletResponse response, String redirectUri, @Nullable String state, Map<String, String> parameters)
            throws IOException {
        var uri = UriComponentsBuilder.fromUriString(redirectUri);
        parameters.forEach((name, value) -> uri.queryParam(name, encoded(value)));
        if (state != null && !state.isEmpty()) {
            uri.queryParam(OAuth2ParameterNames.STATE, encoded(state));
        }
        uri.queryParam("iss", encoded(issuer));
        response.sendRedirect(uri.build(true).toUriString());
    }

    private static String encoded(String text) {
        return UriUtils.encode(text, StandardCharsets.UTF_8);
    }
}
