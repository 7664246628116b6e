package dev.feira.user.web;

import dev.feira.user.application.PasswordHashes;
import dev.feira.user.application.SignIn;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/**
 * The login form's side of {@link SignIn}. The session keeps the person's id and the time, nothing more: name and roles
 * are read where they are needed.
 */
@Component
class PasswordAuthenticationProvider implements AuthenticationProvider {

    private final SignIn signIn;
    private final Clock clock;

    PasswordAuthenticationProvider(SignIn signIn, Clock clock) {
        this.signIn = signIn;
        this.clock = clock;
    }

    /** Too many attempts. */
    static final class Blocked extends LockedException {

        private final Duration wait;

        Blocked(Duration wait) {
            super("too many attempts");
            this.wait = wait;
        }

        /** Returns the wait in whole seconds, at least one. */
        long seconds() {
            return Math.max(1, wait.plusMillis(999).toSeconds());
        }
    }

    /** Too many at once. */
    static final class Busy extends AuthenticationServiceException {

        Busy(PasswordHashes.Busy cause) {
            super("busy", cause);
        }
    }

    @Override
    public Authentication authenticate(Authentication authentication) throws AuthenticationException {
        var address = authentication.getDetails() instanceof WebAuthenticationDetails details
                ? String.valueOf(details.getRemoteAddress())
                : "unknown";
        try {
            return switch (signIn.attempt(
                    authentication.getName(), String.valueOf(authentication.getCredentials()), address)) {
                case SignIn.Outcome.Accepted accepted -> person(accepted, authentication);
                case SignIn.Outcome.Refused _ -> throw new BadCredentialsException("refused");
                case SignIn.Outcome.Blocked blocked -> throw new Blocked(blocked.retryAfter());
            };
        } catch (PasswordHashes.Busy e) {
            throw new Busy(e);
        }
    }

    private Authentication person(SignIn.Outcome.Accepted accepted, Authentication request) {
        var person = UsernamePasswordAuthenticationToken.authenticated(
                accepted.user().id().toString(),
                null,
                List.of(FactorGrantedAuthority.withAuthority(FactorGrantedAuthority.PASSWORD_AUTHORITY)
                        .issuedAt(clock.instant())
                        .build()));
        person.setDetails(request.getDetails());
        return person;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
