package dev.feira.gateway.login;

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
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
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

    private final ClientRegistration registration;
    private final OAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> identity;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Logins logins;
    private final LoginProperties settings;
    private final Clock clock;
    private final Semaphore connections;
    private final Map<String, CompletableFuture<Optional<Login.Tokens>>> underWay = new ConcurrentHashMap<>();

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
     * The session's tokens, renewed unless another request has done so.
     *
     * @param limit how long to wait; the renewal itself goes on after that, since its outcome must not be lost
     * @return the tokens, or empty where the login has ended
     * @throws Unavailable user-service or the database did not answer
     */
    Optional<Login.Tokens> refresh(String sessionId, Duration limit) throws Unavailable {
        var mine = new CompletableFuture<Optional<Login.Tokens>>();
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

    private record Row(String primaryId, byte[] tokens) {}

    private Optional<Login.Tokens> exclusively(String sessionId) throws InterruptedException {
        if (!connections.tryAcquire(settings.readTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("too many sessions are renewed at one time");
        }
        try {
            return Objects.requireNonNull(transaction.execute(_ -> inTransaction(sessionId)));
        } finally {
            connections.release();
        }
    }

    private Optional<Login.Tokens> inTransaction(String sessionId) {
        jdbc.sql("set local lock_timeout = '5s'").update();
        var row = jdbc.sql("""
                        select a.session_primary_id, a.attribute_bytes
                          from spring_session s
                          join spring_session_attributes a on a.session_primary_id = s.primary_id
                         where s.session_id = :session and a.attribute_name = :name
                           for update of a""")
                .param("session", sessionId)
                .param("name", Logins.TOKENS)
                .query((result, _) -> new Row(result.getString(1), result.getBytes(2)))
                .optional();
        if (row.isEmpty()) {
            return Optional.empty();
        }
        var found = logins.tokens(row.get().tokens);
        if (found.isGoodFor(settings.refreshBefore(), clock.instant())) {
            return Optional.of(found); // another request was faster
        }
        var renewed = renew(found);
        if (renewed.isPresent()) {
            jdbc.sql("""
                            update spring_session_attributes set attribute_bytes = :tokens
                             where session_primary_id = :id and attribute_name = :name""")
                    .param("tokens", logins.attribute(renewed.get()))
                    .param("id", row.get().primaryId)
                    .param("name", Logins.TOKENS)
                    .update();
        } else {
            jdbc.sql("delete from spring_session_attributes where session_primary_id = :id")
                    .param("id", row.get().primaryId)
                    .update();
        }
        return renewed;
    }

    /** Empty where user-service says that the login is over. */
    private Optional<Login.Tokens> renew(Login.Tokens old) {
        if (old.refreshToken() == null) {
            return Optional.empty();
        }
        var expires = old.expiresAt();
        var access = new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER, old.accessToken(), expires.minusSeconds(1), expires);
        var refresh = new OAuth2RefreshToken(old.refreshToken(), null);
        try {
            return Optional.of(tokens(
                    identity.getTokenResponse(new OAuth2RefreshTokenGrantRequest(registration, access, refresh)),
                    old.refreshToken()));
        } catch (OAuth2AuthorizationException e) {
            if (OAuth2ErrorCodes.INVALID_GRANT.equals(e.getError().getErrorCode())) {
                return Optional.empty();
            }
            throw e;
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
