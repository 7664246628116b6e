package dev.feira.user.provider;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * Authenticates a public client by its id alone where the framework requires more: for the device grant, for refreshing,
 * and for revoking its own tokens. The device code or the token itself protects these. Introspection stays closed.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8628#section-3.1">RFC 8628, section 3.1</a>
 */
final class PublicClientAuthentication implements AuthenticationConverter, AuthenticationProvider {

    private static final Set<String> GRANTS =
            Set.of(AuthorizationGrantType.REFRESH_TOKEN.getValue(), AuthorizationGrantType.DEVICE_CODE.getValue());

    private final RegisteredClientRepository clients;

    PublicClientAuthentication(RegisteredClientRepository clients) {
        this.clients = clients;
    }

    /** A request with a client id and no credentials. */
    private static final class ClientIdOnly extends OAuth2ClientAuthenticationToken {

        ClientIdOnly(String clientId) {
            super(clientId, ClientAuthenticationMethod.NONE, null, Map.of());
        }
    }

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        var clientIds = request.getParameterValues(OAuth2ParameterNames.CLIENT_ID);
        if (clientIds == null
                || clientIds.length != 1
                || clientIds[0].isBlank()
                || request.getParameter(OAuth2ParameterNames.CLIENT_SECRET) != null
                || request.getHeader(HttpHeaders.AUTHORIZATION) != null) {
            return null;
        }
        var path = request.getRequestURI().substring(request.getContextPath().length());
        var permitted = switch (path) {
            case "/oauth2/device_authorization", "/oauth2/revoke" -> true;
            case "/oauth2/token" -> {
                var grant = request.getParameter(OAuth2ParameterNames.GRANT_TYPE);
                yield grant != null && GRANTS.contains(grant);
            }
            default -> false;
        };
        return permitted ? new ClientIdOnly(clientIds[0]) : null;
    }

    @Override
    public @Nullable Authentication authenticate(Authentication authentication) throws AuthenticationException {
        var client = clients.findByClientId(authentication.getName());
        if (client == null || !client.getClientAuthenticationMethods().contains(ClientAuthenticationMethod.NONE)) {
            throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT);
        }
        return new OAuth2ClientAuthenticationToken(client, ClientAuthenticationMethod.NONE, null);
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return ClientIdOnly.class.isAssignableFrom(authentication);
    }
}
