package dev.feira.gateway.login;

import com.nimbusds.jwt.JWTParser;
import java.text.ParseException;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.event.OAuth2AuthorizedClientRefreshedEvent;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.oidc.StandardClaimNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.stereotype.Component;

/**
 * Stores the tokens of Spring Security's authorized client in a login's session, as JSON: its own service stores
 * serialized Java objects. The principal is the session's id, so that a renewal may outlive the request that began it.
 */
@Component
class SessionAuthorizedClients implements OAuth2AuthorizedClientService {

    private final ClientRegistration registration;
    private final ThrottledSessionRepository sessions;
    private final Logins logins;
    private final Clock clock;

    SessionAuthorizedClients(
            ClientRegistration registration, ThrottledSessionRepository sessions, Logins logins, Clock clock) {
        this.registration = registration;
        this.sessions = sessions;
        this.logins = logins;
        this.clock = clock;
    }

    /** Returns the session's login, read from the database now. */
    Optional<Login> login(String sessionId) {
        var session = sessions.findById(sessionId);
        return session == null ? Optional.empty() : logins.read(session::getAttribute);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(
            String registrationId, String sessionId) {
        return (T)
                login(sessionId).map(login -> client(sessionId, login.tokens())).orElse(null);
    }

    @Override
    public void saveAuthorizedClient(OAuth2AuthorizedClient client, Authentication principal) {
        update(principal.getName(), (session, _) -> logins.write(tokens(client), session::setAttribute));
    }

    /** Ends the login: user-service has rejected its refresh token. */
    @Override
    public void removeAuthorizedClient(String registrationId, String sessionId) {
        var session = sessions.findById(sessionId);
        if (session != null) {
            session.removeAttribute(Logins.PERSON);
            session.removeAttribute(Logins.TOKENS);
            sessions.save(session);
        }
    }

    /**
     * Stores the name and e-mail of the ID token that came with a renewal: users change them while signed in. Does not
     * write the tokens: another replica may have renewed them since this one read them.
     */
    void refreshed(OAuth2AuthorizedClientRefreshedEvent event) {
        if (event.getAccessTokenResponse().getAdditionalParameters().get(OidcParameterNames.ID_TOKEN)
                instanceof String idToken) {
            update(
                    event.getAuthorizedClient().getPrincipalName(),
                    (session, login) -> logins.write(person(idToken, login.person()), session::setAttribute));
        }
    }

    private void update(String sessionId, BiConsumer<ThrottledSessionRepository.TouchedSession, Login> change) {
        var session = sessions.findById(sessionId);
        if (session != null) {
            logins.read(session::getAttribute).ifPresent(login -> {
                change.accept(session, login);
                sessions.save(session);
            });
        }
    }

    private OAuth2AuthorizedClient client(String sessionId, Login.Tokens tokens) {
        var expires = tokens.expiresAt();
        return new OAuth2AuthorizedClient(
                registration,
                sessionId,
                new OAuth2AccessToken(
                        OAuth2AccessToken.TokenType.BEARER, tokens.accessToken(), expires.minusSeconds(1), expires),
                tokens.refreshToken() == null ? null : new OAuth2RefreshToken(tokens.refreshToken(), null));
    }

    /** Returns the tokens of {@code client}; without an expiry they count as valid for a minute. */
    Login.Tokens tokens(OAuth2AuthorizedClient client) {
        var access = client.getAccessToken();
        var refresh = client.getRefreshToken();
        return new Login.Tokens(
                access.getTokenValue(),
                Objects.requireNonNullElseGet(
                        access.getExpiresAt(), () -> clock.instant().plusSeconds(60)),
                refresh == null ? null : refresh.getTokenValue());
    }

    private static Login.Person person(String idToken, Login.Person old) {
        try {
            var claims = JWTParser.parse(idToken).getJWTClaimsSet(); // came from user-service itself
            if (!old.subject().equals(claims.getSubject())) {
                return old;
            }
            var name = claims.getStringClaim(StandardClaimNames.NAME);
            var email = claims.getStringClaim(StandardClaimNames.EMAIL);
            return new Login.Person(
                    old.subject(), name == null ? old.name() : name, email == null ? old.email() : email, idToken);
        } catch (ParseException e) {
            return old;
        }
    }
}
