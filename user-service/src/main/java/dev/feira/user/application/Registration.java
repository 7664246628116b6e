package dev.feira.user.application;

import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.AttemptLimiter;
import dev.feira.user.domain.PasswordRules;
import dev.feira.user.domain.Role;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import dev.feira.user.events.UserEvents;
import java.time.Clock;
import java.util.Set;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Registers accounts.
 *
 * <p>The response reveals that an e-mail address has an account: hiding it would need a registration that ends in a
 * message. So one network gets this response only a few times in a window; see README.md.
 */
@Service
public class Registration {

    private static final String ALL = "registration";
    private static final String TAKEN = "registration-taken";

    private final Users users;
    private final PasswordHashes hashes;
    private final AttemptLimiter attempts;
    private final SecurityLog securityLog;
    private final UserEvents events;
    private final EmailVerification verification;
    private final UserProperties.Registration settings;
    private final TransactionOperations transaction;
    private final Clock clock;

    Registration(
            Users users,
            PasswordHashes hashes,
            AttemptLimiter attempts,
            SecurityLog securityLog,
            UserEvents events,
            EmailVerification verification,
            UserProperties settings,
            TransactionOperations transaction,
            Clock clock) {
        this.users = users;
        this.hashes = hashes;
        this.attempts = attempts;
        this.securityLog = securityLog;
        this.events = events;
        this.verification = verification;
        this.settings = settings.registration();
        this.transaction = transaction;
        this.clock = clock;
    }

    /** The e-mail address has an account: 409. */
    public static final class EmailTaken extends RuntimeException {}

    /** The password violates a rule: 400. */
    public static final class WeakPassword extends RuntimeException {

        private final PasswordRules.Violation violation;

        WeakPassword(PasswordRules.Violation violation) {
            super(violation.message());
            this.violation = violation;
        }

        public PasswordRules.Violation violation() {
            return violation;
        }
    }

    /**
     * Registers a customer, and sends a link that verifies the e-mail address.
     *
     * @param address the caller's IP address
     * @throws EmailTaken the e-mail address has an account
     * @throws WeakPassword the password violates a rule
     * @throws AttemptLimiter.TooManyAttempts too many registrations from the network
     * @throws PasswordHashes.Busy too many passwords are hashed in parallel
     */
    public User register(String email, String password, String name, String locale, String address) {
        requireStrongPassword(password, email, name);
        var network = Network.of(address);
        attempts.acquire(ALL, network, limit(settings.perAddress()));
        attempts.remainingDelay(TAKEN, network).ifPresent(delay -> {
            throw new AttemptLimiter.TooManyAttempts(delay);
        });
        // in both cases, so that the response time does not reveal the account
        var hash = hashes.hash(password);
        if (users.findByEmailAddress(email).isPresent()) {
            throw taken(address);
        }
        try {
            var user = User.register(email, name, hash, Set.of(Role.CUSTOMER), locale, clock.instant());
            return transaction.execute(_ -> add(user, address));
        } catch (DuplicateKeyException e) { // a parallel registration
            throw taken(address);
        }
    }

    private User add(User user, String address) {
        var saved = users.save(user);
        securityLog.record(SecurityEvent.Type.ACCOUNT_REGISTERED, saved.id(), address);
        events.registered(saved);
        verification.send(saved, UserEvents.VerificationReason.REGISTERED);
        return saved;
    }

    static void requireStrongPassword(String password, String email, String name) {
        PasswordRules.violation(password, email, name).ifPresent(violation -> {
            throw new WeakPassword(violation);
        });
    }

    private EmailTaken taken(String address) {
        securityLog.record(SecurityEvent.Type.REGISTRATION_REFUSED, null, address);
        attempts.acquire(TAKEN, Network.of(address), limit(settings.takenPerAddress()));
        return new EmailTaken();
    }

    private AttemptLimiter.Limit limit(int free) {
        return new AttemptLimiter.Limit(free, settings.window(), settings.window(), settings.window(), true);
    }
}
