package dev.feira.user.provider;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.web.authentication.ClientSecretBasicAuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.header.HeaderWriter;

/**
 * Reads a client's id and secret from HTTP Basic authentication, by the framework's converter. It treats malformed ones as
 * wrong ones, and adds the challenge; the framework returns 400 without it, and 500 for a blank id.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, section 5.2</a>
 */
final class BasicCredentials implements AuthenticationConverter, HeaderWriter {

    private final AuthenticationConverter converter = new ClientSecretBasicAuthenticationConverter();

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        try {
            var client = converter.convert(request);
            if (client != null && !client.getName().matches("\\p{Print}+")) {
                throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT);
            }
            return client;
        } catch (OAuth2AuthenticationException | IllegalArgumentException e) {
            throw new OAuth2AuthenticationException(new OAuth2Error(OAuth2ErrorCodes.INVALID_CLIENT), e);
        }
    }

    @Override
    public void writeHeaders(HttpServletRequest request, HttpServletResponse response) {
        if (response.getStatus() == HttpStatus.UNAUTHORIZED.value()
                && !response.containsHeader(HttpHeaders.WWW_AUTHENTICATE)) {
            // a userinfo request with a valid signature and a revoked token has no challenge yet
            response.setHeader(
                    HttpHeaders.WWW_AUTHENTICATE,
                    request.getRequestURI().endsWith("/userinfo")
                            ? "Bearer error=\"invalid_token\""
                            : "Basic realm=\"Feira\"");
        }
    }
}
