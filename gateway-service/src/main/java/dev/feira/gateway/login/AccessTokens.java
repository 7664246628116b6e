package dev.feira.gateway.login;

import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Gives a browser's request the access token that its session holds, renewed where it is about to end. */
@Component
public class AccessTokens {

    /** A token must outlive the request that carries it, and a difference of clocks. */
    private static final Duration STILL_USABLE = Duration.ofSeconds(5);

    /** A renewal takes a few milliseconds; while the old token is good, nobody waits longer for a new one. */
    private static final Duration WORTH_WAITING = Duration.ofMillis(200);

    private final Logins logins;
    private final TokenRefresh refresh;
    private final LoginProperties settings;
    private final Clock clock;

    AccessTokens(Logins logins, TokenRefresh refresh, LoginProperties settings, Clock clock) {
        this.logins = logins;
        this.refresh = refresh;
        this.settings = settings;
        this.clock = clock;
    }

    /** Returns whether the client brings its own token, and so needs neither session nor CSRF token. */
    public static boolean bringsBearer(HttpServletRequest request) {
        var authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        return authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7);
    }

    /**
     * The token to act with; empty where nobody is signed in by session, or the client brings its own token.
     *
     * @param limit how long a renewal may take; a fifth of a second where the old token is still good
     * @throws ProblemException 503 where the session or user-service does not answer: an outage is not a logout
     */
    public Optional<String> of(HttpServletRequest request, Duration limit) {
        if (bringsBearer(request)) {
            return Optional.empty();
        }
        return logins.current(request)
                .flatMap(login -> fresh(request, login, limit))
                .map(Login.Tokens::accessToken);
    }

    private Optional<Login.Tokens> fresh(HttpServletRequest request, Login login, Duration limit) {
        var now = clock.instant();
        if (login.tokens().isGoodFor(settings.refreshBefore(), now)) {
            return Optional.of(login.tokens());
        }
        var isUsable = login.tokens().isGoodFor(STILL_USABLE, now);
        try {
            var renewed = refresh.refresh(
                    request.getSession(false).getId(),
                    isUsable && limit.compareTo(WORTH_WAITING) > 0 ? WORTH_WAITING : limit);
            logins.forget(request, renewed);
            return renewed.map(Login::tokens);
        } catch (TokenRefresh.Unavailable e) {
            if (isUsable) {
                return Optional.of(login.tokens());
            }
            throw new ProblemException(new GatewayProblem(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "identity-unavailable",
                    "Your sign-in cannot be renewed right now. Please try again in a moment.",
                    Duration.ofSeconds(2)));
        }
    }
}
