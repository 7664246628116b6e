package dev.feira.gateway.login;

import com.nimbusds.jwt.JWTParser;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.oidc.StandardClaimNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Renews the tokens of a session, once, however many requests need it at the same time and on however many replicas.
 * A refresh token serves one renewal; shown twice it counts as stolen, and user-service then ends the whole login
 * (RFC 9700, section 4.14.2). So the requests of this replica share one renewal, and replicas queue at the row of the
 * session's tokens: the second one finds the new tokens there and renews nothing.
 */
@Component
class TokenRefresh {

    private static final Logger log = LoggerFactory.getLogger(TokenRefresh.class);

    /** PostgreSQL's {@code lock_not_available}. */
    private static final String LOCK_TIMEOUT = "55P03";

    private final ClientRegistration registration;
    private final OAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> identity;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Logins logins;
    private final LoginProperties settings;
    private final Clock clock;
    private final Semaphore connections;
    private final Map<String, CompletableFuture<Optional<Login>>> underWay = new ConcurrentHashMap<>();

    TokenRefresh(
            ClientRegistration registration,
            OAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> identity,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Logins logins,
            LoginProperties settings,
            Clock clock) {
        this.registration = registration;
        this.identity = identity;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.logins = logins;
        this.settings = settings;
        this.clock = clock;
        this.connections = new Semaphore(settings.concurrentRefreshes());
    }

    /** Neither the old token nor a new one can be had right now. */
    static final class Unavailable extends Exception {
        Unavailable(@Nullable Throwable cause) {
            super("the session's tokens could not be renewed", cause);
        }
    }

    /**
     * The session's login, renewed unless another request has done so.
     *
     * @param limit how long to wait; the renewal itself goes on after that, since its outcome must not be lost
     * @return the login with its tokens, and the person as user-service knows them now; empty where the login has ended
     * @throws Unavailable user-service or the database did not answer
     */
    Optional<Login> refresh(String sessionId, Duration limit) throws Unavailable {
        var mine = new CompletableFuture<Optional<Login>>();
        var running = underWay.putIfAbsent(sessionId, mine);
        if (running == null) {
            running = mine;
            Thread.ofVirtual().name("token-refresh").start(() -> {
                try {
                    mine.complete(exclusively(sessionId));
                } catch (Throwable e) {
                    mine.completeExceptionally(e);
                } finally {
                    underWay.remove(sessionId, mine);
                }
            });
        }
        try {
            return running.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new Unavailable(e);
        } catch (ExecutionException e) {
            log.warn("A session's tokens could not be renewed: {}", String.valueOf(e.getCause()));
            throw new Unavailable(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable(e);
        }
    }

    private record Row(String primaryId, byte[] tokens, byte[] person) {}

    private Optional<Login> exclusively(String sessionId) throws InterruptedException {
        if (!connections.tryAcquire(settings.readTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("too many sessions are renewed at one time");
        }
        try {
            return Objects.requireNonNull(transaction.execute(_ -> inTransaction(sessionId)));
        } catch (DataAccessException e) {
            if (!isLockTimeout(e)) {
                throw e;
            }
            // another replica has not ended its renewal; what it has written by now counts
            var login = row(sessionId, "").map(this::login);
            if (login.isPresent() && !login.get().tokens().isGoodFor(settings.refreshBefore(), clock.instant())) {
                throw e;
            }
            return login;
        } finally {
            connections.release();
        }
    }

    private static boolean isLockTimeout(DataAccessException e) {
        return e.getMostSpecificCause() instanceof SQLException cause && LOCK_TIMEOUT.equals(cause.getSQLState());
    }

    private Optional<Row> row(String sessionId, String lock) {
        return jdbc.sql("""
                        select a.session_primary_id, a.attribute_bytes, p.attribute_bytes
                          from spring_session s
                          join spring_session_attributes a on a.session_primary_id = s.primary_id
                          join spring_session_attributes p on p.session_primary_id = s.primary_id
                         where s.session_id = :session and a.attribute_name = :tokens and p.attribute_name = :person
                        """ + lock)
                .param("session", sessionId)
                .param("tokens", Logins.TOKENS)
                .param("person", Logins.PERSON)
                .query((result, _) -> new Row(result.getString(1), result.getBytes(2), result.getBytes(3)))
                .optional();
    }

    private Login login(Row row) {
        return new Login(logins.person(row.person), logins.tokens(row.tokens));
    }

    private Optional<Login> inTransaction(String sessionId) {
        // shorter than the socket's timeout of 2 s: else the connection would be lost, and what waited with it
        jdbc.sql("set local lock_timeout = '1500ms'").update();
        var row = row(sessionId, "for update of a");
        if (row.isEmpty()) {
            return Optional.empty();
        }
        var found = login(row.get());
        if (found.tokens().isGoodFor(settings.refreshBefore(), clock.instant())) {
            return Optional.of(found); // another request was faster
        }
        var renewed = renew(found);
        if (renewed.isPresent()) {
            write(
                    row.get().primaryId,
                    Logins.TOKENS,
                    logins.attribute(renewed.get().tokens()));
            write(
                    row.get().primaryId,
                    Logins.PERSON,
                    logins.attribute(renewed.get().person()));
        } else {
            jdbc.sql("delete from spring_session_attributes where session_primary_id = :id")
                    .param("id", row.get().primaryId)
                    .update();
        }
        return renewed;
    }

    private void write(String primaryId, String name, byte[] value) {
        jdbc.sql("""
                        update spring_session_attributes set attribute_bytes = :value
                         where session_primary_id = :id and attribute_name = :name""")
                .param("value", value)
                .param("id", primaryId)
                .param("name", name)
                .update();
    }

    /** Empty where user-service says that the login is over. */
    private Optional<Login> renew(Login login) {
        var old = login.tokens();
        if (old.refreshToken() == null) {
            return Optional.empty();
        }
        var expires = old.expiresAt();
        var access = new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER, old.accessToken(), expires.minusSeconds(1), expires);
        var refresh = new OAuth2RefreshToken(old.refreshToken(), null);
        try {
            var response = identity.getTokenResponse(new OAuth2RefreshTokenGrantRequest(registration, access, refresh));
            return Optional.of(new Login(person(response, login.person()), tokens(response, old.refreshToken())));
        } catch (OAuth2AuthorizationException e) {
            if (OAuth2ErrorCodes.INVALID_GRANT.equals(e.getError().getErrorCode())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** As the answer's ID token has it, which came from user-service itself: names change while people are signed in. */
    private static Login.Person person(OAuth2AccessTokenResponse response, Login.Person old) {
        if (!(response.getAdditionalParameters().get(OidcParameterNames.ID_TOKEN) instanceof String idToken)) {
            return old;
        }
        try {
            var claims = JWTParser.parse(idToken).getJWTClaimsSet();
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

    private Login.Tokens tokens(OAuth2AccessTokenResponse response, String oldRefreshToken) {
        var access = response.getAccessToken();
        var refresh = response.getRefreshToken();
        return new Login.Tokens(
                access.getTokenValue(),
                Objects.requireNonNullElseGet(access.getExpiresAt(), () -> inAMinute(clock)),
                refresh == null ? oldRefreshToken : refresh.getTokenValue());
    }

    private static Instant inAMinute(Clock clock) {
        return clock.instant().plusSeconds(60);
    }
}
