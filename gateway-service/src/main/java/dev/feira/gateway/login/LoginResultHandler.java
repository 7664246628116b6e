package dev.feira.gateway.login;

import dev.feira.defaults.FeiraProperties;
import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.stereotype.Component;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.util.UriComponentsBuilder;

/** Handles the result of a login at user-service, and signs users out. */
@Component
public class LoginResultHandler
        implements AuthenticationSuccessHandler, AuthenticationFailureHandler, OAuth2AuthorizedClientRepository {

    private static final Logger log = LoggerFactory.getLogger(LoginResultHandler.class);

    private static final String CLIENT = OAuth2AuthorizedClient.class.getName();

    private final FeiraProperties feira;
    private final LoginProperties settings;
    private final Logins logins;
    private final ProblemWriter problems;
    private final SessionAuthorizedClients clients;
    private final RestClient identity;

    LoginResultHandler(
            FeiraProperties feira,
            LoginProperties settings,
            Logins logins,
            ProblemWriter problems,
            SessionAuthorizedClients clients) {
        this.feira = feira;
        this.settings = settings;
        this.logins = logins;
        this.problems = problems;
        this.clients = clients;
        this.identity = RestClient.builder()
                .requestFactory(LoginConfiguration.requests(settings))
                .baseUrl(feira.identity().url())
                .build();
    }

    @Override
    public void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication authentication)
            throws IOException {
        if (!(authentication instanceof OAuth2AuthenticationToken token
                && token.getPrincipal() instanceof OidcUser user
                && request.getAttribute(CLIENT) instanceof OAuth2AuthorizedClient client)) {
            throw new IllegalStateException("not a login by user-service");
        }
        logins.begin(
                request,
                new Login(
                        new Login.Person(
                                user.getName(),
                                user.getFullName(),
                                user.getEmail(),
                                user.getIdToken().getTokenValue()),
                        clients.tokens(client)));
        redirect(response, HttpStatus.FOUND, feira.publicUrl() + PendingLogins.continueTo(request));
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e) throws IOException {
        var code = e instanceof OAuth2AuthenticationException oauth
                ? oauth.getError().getErrorCode()
                : "";
        log.warn("A login failed: {} {}", code, String.valueOf(e.getMessage()));
        var outage = e.getCause() instanceof RestClientException
                || code.equals("invalid_token_response")
                || code.equals("invalid_user_info_response")
                || code.equals("server_error");
        problems.write(
                request,
                response,
                outage
                        ? new GatewayProblem(
                                HttpStatus.SERVICE_UNAVAILABLE,
                                "identity-unavailable",
                                "user-service is unavailable. Retry after 2 seconds.",
                                Duration.ofSeconds(2))
                        : new GatewayProblem(
                                HttpStatus.BAD_REQUEST,
                                "login-failed",
                                "This sign-in is not valid or has expired. Sign in again.",
                                null));
    }

    /**
     * Signs out: ends the session, revokes the refresh token, and redirects the browser to end its session at
     * user-service as well. A script that accepts JSON gets the address in {@code location} instead.
     *
     * @see <a href="https://openid.net/specs/openid-connect-rpinitiated-1_0.html">OpenID Connect RP-Initiated Logout</a>
     */
    public void signOut(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var login = logins.current(request);
        logins.end(request);
        login.map(Login::tokens).map(Login.Tokens::refreshToken).ifPresent(this::revokeInTheBackground);
        var location = login.map(this::endOfSession).orElse(feira.publicUrl() + "/");
        var accept = Objects.requireNonNullElse(request.getHeader(HttpHeaders.ACCEPT), "");
        if (accept.startsWith(MediaType.APPLICATION_JSON_VALUE)) {
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            response.getOutputStream()
                    .print("{\"location\":\"" + location + "\"}"); // a URL, encoded: nothing to escape
        } else {
            redirect(response, HttpStatus.SEE_OTHER, location);
        }
    }

    private String endOfSession(Login login) {
        return UriComponentsBuilder.fromUriString(feira.publicUrl() + "/id/connect/logout")
                .queryParam("id_token_hint", "{token}")
                .queryParam("client_id", "{client}")
                .queryParam("post_logout_redirect_uri", "{home}")
                .encode()
                .buildAndExpand(login.person().idToken(), settings.clientId(), feira.publicUrl() + "/")
                .toUriString();
    }

    /**
     * Revokes a refresh token (RFC 7009), and with it the token of a renewal that is under way: user-service ends all
     * tokens of the sign-in. The session is deleted already, so no request waits for this.
     */
    private void revokeInTheBackground(String refreshToken) {
        Thread.ofVirtual().name("token-revocation").start(() -> {
            var form = new LinkedMultiValueMap<String, String>();
            form.add("token", refreshToken);
            form.add("token_type_hint", "refresh_token");
            try {
                identity.post()
                        .uri("/oauth2/revoke")
                        .headers(headers -> headers.setBasicAuth(settings.clientId(), settings.clientSecret()))
                        .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                        .body(form)
                        .retrieve()
                        .toBodilessEntity();
            } catch (RestClientException e) {
                log.warn("A refresh token could not be revoked at logout: {}", e.getMessage());
            }
        });
    }

    /** The server would make a relative address absolute with the Host header, which is the client's to choose. */
    private static void redirect(HttpServletResponse response, HttpStatus status, String location) {
        response.setStatus(status.value());
        response.setHeader(HttpHeaders.LOCATION, URI.create(location).toString());
    }

    @Override
    public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(
            String registration, Authentication principal, HttpServletRequest request) {
        return null; // AccessTokens reads tokens
    }

    /** Stores the tokens for {@link #onAuthenticationSuccess}, which follows in the same request. */
    @Override
    public void saveAuthorizedClient(
            OAuth2AuthorizedClient client,
            Authentication principal,
            HttpServletRequest request,
            HttpServletResponse response) {
        request.setAttribute(CLIENT, client);
    }

    @Override
    public void removeAuthorizedClient(
            String registration, Authentication principal, HttpServletRequest request, HttpServletResponse response) {
        request.removeAttribute(CLIENT);
    }
}
