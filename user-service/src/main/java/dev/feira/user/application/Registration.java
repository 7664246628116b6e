package dev.feira.user.application;

import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.PasswordRules;
import dev.feira.user.domain.Role;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

/**
 * Opens accounts.
 *
 * <p>That an e-mail address has an account already is told (a form that may not say so needs e-mail to work, and Feira
 * sends none), but one address learns it only a few times in a while; see README.md.
 */
@Service
public class Registration {

    private static final String ALL = "registration";
    private static final String TAKEN = "registration-taken";

    private final Users users;
    private final PasswordHashes hashes;
    private final AttemptLimiter attempts;
    private final SecurityLog securityLog;
    private final UserProperties.Registration settings;
    private final Clock clock;

    Registration(
            Users users,
            PasswordHashes hashes,
            AttemptLimiter attempts,
            SecurityLog securityLog,
            UserProperties settings,
            Clock clock) {
        this.users = users;
        this.hashes = hashes;
        this.attempts = attempts;
        this.securityLog = securityLog;
        this.settings = settings.registration();
        this.clock = clock;
    }

    /** The address has an account already: the person's mistake, 409. */
    public static final class EmailTaken extends RuntimeException {

        EmailTaken() {
            super("this e-mail address has an account already");
        }
    }

    /** The password is not good enough: the person's mistake, 400. */
    public static final class WeakPassword extends RuntimeException {

        private final PasswordRules.Flaw flaw;

        WeakPassword(PasswordRules.Flaw flaw) {
            super(flaw.message());
            this.flaw = flaw;
        }

        public PasswordRules.Flaw flaw() {
            return flaw;
        }
    }

    /** Too many of something from one address or account: 429. */
    public static final class TooManyAttempts extends RuntimeException {

        private final Duration wait;

        TooManyAttempts(Duration wait) {
            super("too many attempts");
            this.wait = wait;
        }

        /** Returns how long to wait. */
        public Duration retryAfter() {
            return wait;
        }
    }

    /**
     * Opens a customer's account.
     *
     * @param address the caller's IP address
     * @throws EmailTaken there is an account
     * @throws WeakPassword the password breaks a rule
     * @throws TooManyAttempts the address has opened or probed too many
     * @throws PasswordHashes.Busy too many passwords at once
     */
    public User register(String email, String password, String name, String locale, String address) {
        requireGoodPassword(password, email, name);
        var network = Network.of(address);
        take(ALL, network, settings.perAddress());
        attempts.blocked(TAKEN, network).ifPresent(wait -> {
            throw new TooManyAttempts(wait);
        });
        // hashed in both cases: the time does not tell what the limit above hides
        var hash = hashes.hash(password);
        if (users.findByEmail(User.normalized(email)).isPresent()) {
            throw taken(address);
        }
        try {
            var user = users.save(User.register(email, name, hash, Set.of(Role.CUSTOMER), locale, clock.instant()));
            securityLog.record(SecurityEvent.Type.ACCOUNT_REGISTERED, user.id(), address);
            return user;
        } catch (DuplicateKeyException e) { // two at once
            throw taken(address);
        }
    }

    static void requireGoodPassword(String password, String email, String name) {
        PasswordRules.flaw(password, email, name).ifPresent(flaw -> {
            throw new WeakPassword(flaw);
        });
    }

    private EmailTaken taken(String address) {
        securityLog.record(SecurityEvent.Type.REGISTRATION_REFUSED, null, address);
        take(TAKEN, Network.of(address), settings.takenPerAddress());
        return new EmailTaken();
    }

    private void take(String scope, String network, int free) {
        attempts.take(
                        scope,
                        network,
                        new AttemptLimiter.Limit(free, settings.window(), settings.window(), settings.window(), true))
                .ifPresent(wait -> {
                    throw new TooManyAttempts(wait);
                });
    }
}
