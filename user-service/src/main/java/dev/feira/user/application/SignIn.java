package dev.feira.user.application;

import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.AttemptLimiter;
import dev.feira.user.domain.EmailAddress;
import dev.feira.user.domain.KnownNetworks;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Service;

/**
 * Checks an e-mail address and a password.
 *
 * <p>Three limits delay guessing; none of them lets an attacker lock a user out:
 * <ul>
 *   <li>account and network: each wrong password doubles the delay;
 *   <li>account, from networks that never signed in to it: against guesses from many networks;
 *   <li>network, for accounts that never signed in from it: against guesses at many accounts.
 * </ul>
 * An e-mail address without an account is counted and timed like one with an account.
 *
 * @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html">OWASP, authentication</a>
 */
@Service
public class SignIn {

    static final String PAIR = "sign-in-pair";
    static final String ACCOUNT = "sign-in-account";
    static final String ADDRESS = "sign-in-address";
    private static final String BLOCKED = "sign-in-blocked";
    private static final UUID NO_USER = new UUID(0, 0);

    private final Users users;
    private final PasswordHashes hashes;
    private final AttemptLimiter attempts;
    private final SecurityLog securityLog;
    private final UserProperties.SignIn settings;
    private final KnownNetworks knownNetworks;
    private final Clock clock;

    SignIn(
            Users users,
            PasswordHashes hashes,
            AttemptLimiter attempts,
            SecurityLog securityLog,
            UserProperties settings,
            KnownNetworks knownNetworks,
            Clock clock) {
        this.users = users;
        this.hashes = hashes;
        this.attempts = attempts;
        this.securityLog = securityLog;
        this.settings = settings.signIn();
        this.knownNetworks = knownNetworks;
        this.clock = clock;
    }

    /** The result of an attempt. */
    public sealed interface Outcome {

        record Accepted(User user) implements Outcome {}

        /** The account does not exist, or its password differs; the caller does not learn which. */
        record Rejected() implements Outcome {}

        /** The password was not checked: too many attempts. */
        record Blocked(Duration retryAfter) implements Outcome {}
    }

    /**
     * Checks a password.
     *
     * @param address the caller's IP address
     * @throws PasswordHashes.Busy too many passwords are hashed in parallel
     */
    public Outcome attempt(String email, String password, String address) {
        var account = EmailAddress.canonical(email); // guesses count for all forms of the address
        var user = find(email);
        var network = Network.of(address);
        var known = knownNetworks.contains(user == null ? NO_USER : user.id(), network);
        var delay = tryAcquire(account, network, known);
        if (delay.isPresent()) {
            recordOnce(delay.get(), user, account, address);
            return new Outcome.Blocked(delay.get());
        }
        var matches = hashes.matches(password, user == null ? null : user.passwordHash());
        if (user == null || !matches) {
            securityLog.record(
                    SecurityEvent.Type.SIGN_IN_FAILED, id(user), null, address, Map.of("account", user != null));
            return new Outcome.Rejected();
        }
        attempts.reset(PAIR, account + " " + network);
        if (!known) {
            attempts.reset(ACCOUNT, account);
            attempts.release(ADDRESS, network);
        }
        return new Outcome.Accepted(succeeded(user, password, address));
    }

    /** Finds no account for a text with NUL, which PostgreSQL rejects. */
    private @Nullable User find(String email) {
        return email.contains("\0")
                ? null
                : users.findByEmailAddress(email).filter(User::maySignIn).orElse(null);
    }

    /** Records the first blocked attempt of a delay only. */
    private void recordOnce(Duration delay, @Nullable User user, String account, String address) {
        var oncePerDelay = new AttemptLimiter.Limit(1, delay, delay, delay, true);
        if (attempts.tryAcquire(BLOCKED, account + " " + Network.of(address), oncePerDelay)
                .isEmpty()) {
            securityLog.record(SecurityEvent.Type.SIGN_IN_BLOCKED, id(user), address);
        }
    }

    private Optional<Duration> tryAcquire(String account, String network, boolean known) {
        var pair = attempts.tryAcquire(PAIR, account + " " + network, limit(settings, settings.pairAttempts()));
        if (pair.isPresent() || known) {
            return pair;
        }
        return Stream.of(
                        attempts.tryAcquire(ACCOUNT, account, limit(settings, settings.accountAttempts())),
                        attempts.tryAcquire(ADDRESS, network, limit(settings, settings.addressAttempts())))
                .flatMap(Optional::stream)
                .max(Duration::compareTo);
    }

    static AttemptLimiter.Limit limit(UserProperties.SignIn settings, int free) {
        return new AttemptLimiter.Limit(free, settings.firstDelay(), settings.longestDelay(), settings.memory(), false);
    }

    private User succeeded(User user, String password, String address) {
        knownNetworks.add(user.id(), Network.of(address));
        securityLog.record(SecurityEvent.Type.SIGN_IN_SUCCEEDED, user.id(), address);
        if (hashes.isOutdated(user.passwordHash())) {
            try {
                return users.save(user.withPasswordHash(hashes.hash(password), clock.instant()));
            } catch (OptimisticLockingFailureException e) {
                return user; // a parallel change: the next sign-in renews the hash
            }
        }
        return user;
    }

    private static @Nullable UUID id(@Nullable User user) {
        return user == null ? null : user.id();
    }
}
