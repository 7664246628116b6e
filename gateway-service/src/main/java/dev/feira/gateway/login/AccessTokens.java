package dev.feira.gateway.login;

import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.stereotype.Component;

/**
 * Gives a browser's request the access token of its session; Spring Security's {@link OAuth2AuthorizedClientManager}
 * renews it. Requests of this replica share a renewal that is under way. Replicas need no lock: user-service returns the
 * same new tokens when a refresh token is sent again within 10 s (docs/decisions/0015).
 */
@Component
public class AccessTokens {

    private static final Logger log = LoggerFactory.getLogger(AccessTokens.class);

    /** A token must outlive the request that carries it, and a difference of clocks. */
    private static final Duration STILL_USABLE = Duration.ofSeconds(5);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    /** A renewal takes a few milliseconds; while the old token is usable, no request waits longer for a new one. */
    private static final Duration SHORT_WAIT = Duration.ofMillis(200);

    private final Logins logins;
    private final SessionAuthorizedClients clients;
    private final OAuth2AuthorizedClientManager manager;
    private final LoginProperties settings;
    private final Clock clock;
    private final Map<String, CompletableFuture<Optional<Login>>> renewals = new ConcurrentHashMap<>();

    AccessTokens(
            Logins logins,
            SessionAuthorizedClients clients,
            OAuth2AuthorizedClientManager manager,
            LoginProperties settings,
            Clock clock) {
        this.logins = logins;
        this.clients = clients;
        this.manager = manager;
        this.settings = settings;
        this.clock = clock;
    }

    /** Returns whether the client brings its own token, and so needs neither session nor CSRF token. */
    public static boolean bringsBearer(HttpServletRequest request) {
        var authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        return authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7);
    }

    /**
     * Returns the token of the request's session; empty without a login, or if the client brings its own token.
     * Waits for a renewal for up to 2 s, and 0.2 s while the old token is usable.
     *
     * @throws ProblemException 503 if the session or user-service is unavailable: an outage is not a logout
     */
    public Optional<String> of(HttpServletRequest request) {
        if (bringsBearer(request)) {
            return Optional.empty();
        }
        return logins.current(request)
                .flatMap(login -> valid(request, login))
                .map(login -> login.tokens().accessToken());
    }

    private Optional<Login> valid(HttpServletRequest request, Login login) {
        if (login.tokens().isGoodFor(settings.refreshBefore(), clock.instant())) {
            return Optional.of(login);
        }
        var isUsable = login.tokens().isGoodFor(STILL_USABLE, clock.instant());
        try {
            var renewed = renewal(request.getSession(false).getId())
                    .get((isUsable ? SHORT_WAIT : LONGEST_WAIT).toNanos(), TimeUnit.NANOSECONDS);
            logins.replace(request, renewed);
            return renewed;
        } catch (TimeoutException | ExecutionException e) {
            if (isUsable) {
                return Optional.of(login);
            }
            log.warn("The tokens of a session cannot be renewed: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new ProblemException(new GatewayProblem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "identity-unavailable",
                "Your sign-in cannot be renewed right now. Retry after 2 seconds.",
                Duration.ofSeconds(2)));
    }

    /** Runs on after the request gives up, or the new refresh token would be lost. */
    private CompletableFuture<Optional<Login>> renewal(String sessionId) {
        var started = new CompletableFuture<Optional<Login>>();
        var running = renewals.putIfAbsent(sessionId, started);
        if (running != null) {
            return running;
        }
        Thread.ofVirtual().name("token-renewal").start(() -> {
            try {
                started.complete(renew(sessionId));
            } catch (Throwable e) {
                started.completeExceptionally(e);
            } finally {
                renewals.remove(sessionId);
            }
        });
        return started;
    }

    /** Returns the renewed login, empty if user-service has ended it. */
    private Optional<Login> renew(String sessionId) {
        try {
            manager.authorize(OAuth2AuthorizeRequest.withClientRegistrationId(LoginConfiguration.REGISTRATION)
                    .principal(sessionId)
                    .build());
        } catch (ClientAuthorizationException e) {
            if (!OAuth2ErrorCodes.INVALID_GRANT.equals(e.getError().getErrorCode())) {
                throw e;
            }
        }
        return clients.login(sessionId).filter(login -> login.tokens().isGoodFor(Duration.ZERO, clock.instant()));
    }
}
