package dev.feira.user.application;

import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.AccountLink.Kind;
import dev.feira.user.domain.ActiveSessions;
import dev.feira.user.domain.AttemptLimiter;
import dev.feira.user.domain.EmailAddress;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import dev.feira.user.events.UserEvents;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Replaces a forgotten password, by a link that is sent to a verified e-mail address.
 *
 * @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/Forgot_Password_Cheat_Sheet.html">OWASP, forgotten passwords</a>
 */
@Service
public class PasswordReset {

    private static final String NETWORK = "reset-network";
    static final String ACCOUNT = "reset-account";
    private static final Set<Kind> KINDS = Set.of(Kind.PASSWORD_RESET);

    private final Users users;
    private final PasswordHashes hashes;
    private final AttemptLimiter attempts;
    private final SingleUseLinks links;
    private final List<ActiveSessions> sessions;
    private final UserEvents events;
    private final SecurityLog securityLog;
    private final Duration responseTime;
    private final TransactionOperations transaction;
    private final Clock clock;

    PasswordReset(
            Users users,
            PasswordHashes hashes,
            AttemptLimiter attempts,
            SingleUseLinks links,
            List<ActiveSessions> sessions,
            UserEvents events,
            SecurityLog securityLog,
            UserProperties settings,
            TransactionOperations transaction,
            Clock clock) {
        this.users = users;
        this.hashes = hashes;
        this.attempts = attempts;
        this.links = links;
        this.sessions = sessions;
        this.events = events;
        this.securityLog = securityLog;
        this.responseTime = settings.links().resetResponseTime();
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * A valid link.
     *
     * @param email the address of its account
     */
    public record Opened(UUID userId, String email) {}

    /**
     * Sends a link if the address is the verified one of an account that may sign in. Returns after the same time in each case,
     * so that it does not reveal an account.
     *
     * @param address the caller's IP address
     * @throws AttemptLimiter.TooManyAttempts too many requests from the network or for the address, with or without an account
     */
    public void request(String email, String address) {
        var start = System.nanoTime();
        links.limitNetwork(NETWORK, Network.of(address));
        links.limit(ACCOUNT, EmailAddress.canonical(email));
        var account = find(email).map(User::id);
        transaction.executeWithoutResult(_ -> {
            var user = account.flatMap(users::lockById).filter(PasswordReset::mayReset);
            user.ifPresent(this::send);
            securityLog.record(
                    SecurityEvent.Type.PASSWORD_RESET_REQUESTED,
                    user.map(User::id).orElse(null),
                    address);
        });
        waitUntil(start + responseTime.toNanos());
    }

    /** Finds no account for a text with NUL, which PostgreSQL rejects. */
    private Optional<User> find(String email) {
        return email.contains("\0") ? Optional.empty() : users.findByEmailAddress(email);
    }

    private static boolean mayReset(User user) {
        return user.emailVerified() && user.maySignIn() && !user.demo();
    }

    private void send(User user) {
        var created = links.create(user.id(), Kind.PASSWORD_RESET, user.email(), UUID.randomUUID());
        events.passwordResetRequested(user, created.url(), created.link().expiresAt());
    }

    private static void waitUntil(long nanoTime) {
        for (var left = nanoTime - System.nanoTime();
                left > 0 && !Thread.currentThread().isInterrupted(); ) {
            LockSupport.parkNanos(left);
            left = nanoTime - System.nanoTime();
        }
    }

    /**
     * Checks a link.
     *
     * @throws InvalidLink the link has no effect
     */
    public Opened check(String token) {
        var user = account(token);
        return new Opened(user.id(), user.email());
    }

    /**
     * Replaces the password and ends all sessions of the user. All other links for a reset become invalid.
     *
     * @param address the caller's IP address
     * @throws InvalidLink the link has no effect
     * @throws Registration.WeakPassword the new password violates a rule; the link stays valid
     * @throws PasswordHashes.Busy too many passwords are hashed in parallel
     */
    public void reset(String token, String newPassword, String address) {
        var user = account(token);
        Registration.requireStrongPassword(newPassword, user.email(), user.name());
        var hash = hashes.hash(newPassword); // slow, so outside of the transaction
        transaction.executeWithoutResult(_ -> {
            var current = users.lockById(user.id())
                    .filter(PasswordReset::mayReset)
                    .orElseThrow(() -> new InvalidLink(InvalidLink.Reason.UNKNOWN));
            links.use(token);
            links.replaceBeforeNewPassword(user.id());
            var saved = users.save(current.withPasswordHash(hash, clock.instant()));
            sessions.forEach(each -> each.endAll(user.id()));
            securityLog.record(SecurityEvent.Type.PASSWORD_RESET, user.id(), address);
            events.passwordChanged(saved, UserEvents.PasswordReason.RESET);
        });
        // earlier guesses of the same person
        attempts.reset(SignIn.PAIR, EmailAddress.canonical(user.email()) + " " + Network.of(address));
    }

    private User account(String token) {
        return users.findById(links.require(token, KINDS).userId())
                .filter(PasswordReset::mayReset)
                .orElseThrow(() -> new InvalidLink(InvalidLink.Reason.UNKNOWN));
    }
}
