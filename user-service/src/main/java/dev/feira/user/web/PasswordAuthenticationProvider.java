package dev.feira.user.web;

import dev.feira.defaults.text.UnicodeSpaces;
import dev.feira.user.application.PasswordHashes;
import dev.feira.user.application.SignIn;
import dev.feira.user.domain.User;
import dev.feira.user.provider.AuthenticatedUser;
import java.time.Clock;
import java.time.Duration;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/**
 * Authenticates the login form by {@link SignIn}. The session stores the id of the user and the time only: name and roles
 * are read when needed.
 */
@Component
class PasswordAuthenticationProvider implements AuthenticationProvider {

    private final SignIn signIn;
    private final Clock clock;

    PasswordAuthenticationProvider(SignIn signIn, Clock clock) {
        this.signIn = signIn;
        this.clock = clock;
    }

    /** Too many attempts; the page shows the delay. */
    static final class Blocked extends LockedException {

        private final Duration delay;

        Blocked(Duration delay) {
            super("too many attempts");
            this.delay = delay;
        }

        /** Returns the delay in whole seconds, at least one. */
        long seconds() {
            return Math.max(1, delay.plusMillis(999).toSeconds());
        }
    }

    /** Too many passwords are hashed in parallel. */
    static final class Busy extends AuthenticationServiceException {

        Busy(PasswordHashes.Busy cause) {
            super("too many passwords are being checked", cause);
        }
    }

    @Override
    public Authentication authenticate(Authentication authentication) throws AuthenticationException {
        var address = authentication.getDetails() instanceof WebAuthenticationDetails details
                ? String.valueOf(details.getRemoteAddress())
                : "unknown";
        try {
            return switch (signIn.attempt(
                    UnicodeSpaces.strip(authentication.getName()),
                    String.valueOf(authentication.getCredentials()),
                    address)) {
                case SignIn.Outcome.Accepted accepted -> authenticated(accepted.user(), authentication);
                case SignIn.Outcome.Rejected _ -> throw new BadCredentialsException("rejected");
                case SignIn.Outcome.Blocked blocked -> throw new Blocked(blocked.retryAfter());
            };
        } catch (PasswordHashes.Busy e) {
            throw new Busy(e);
        }
    }

    private Authentication authenticated(User user, Authentication request) {
        var authenticated = AuthenticatedUser.of(user.id().toString(), clock.instant());
        authenticated.setDetails(request.getDetails());
        return authenticated;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
