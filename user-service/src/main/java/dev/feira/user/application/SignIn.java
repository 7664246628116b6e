package dev.feira.user.application;

import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Checks an e-mail address and a password.
 *
 * <p>Three counters slow down guessing, none of which lets a stranger lock a person out:
 * <ul>
 *   <li>account and address together: the delay grows with each wrong password;
 *   <li>account alone, from addresses that never signed in to it: against guessing from many addresses;
 *   <li>address alone, for accounts that never signed in from it: against guessing many accounts.
 * </ul>
 * With IPv6 an address is a network (/64). An e-mail address without an account is treated, counted and timed exactly like one with.
 *
 * @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html">OWASP, authentication</a>
 */
@Service
public class SignIn implements Expiring {

    static final String PAIR = "sign-in-pair";
    static final String ACCOUNT = "sign-in-account";
    static final String ADDRESS = "sign-in-address";
    private static final String BLOCKED = "sign-in-blocked";
    private static final UUID NOBODY = new UUID(0, 0);

    private final Users users;
    private final PasswordHashes hashes;
    private final AttemptLimiter attempts;
    private final SecurityLog securityLog;
    private final UserProperties.SignIn settings;
    private final JdbcClient jdbc;
    private final Clock clock;

    SignIn(
            Users users,
            PasswordHashes hashes,
            AttemptLimiter attempts,
            SecurityLog securityLog,
            UserProperties settings,
            JdbcClient jdbc,
            Clock clock) {
        this.users = users;
        this.hashes = hashes;
        this.attempts = attempts;
        this.securityLog = securityLog;
        this.settings = settings.signIn();
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** What came of it. */
    public sealed interface Outcome {

        /** The person is who they say. */
        record Accepted(User user) implements Outcome {}

        /** No such account, or not its password; which of them is not told. */
        record Refused() implements Outcome {}

        /** Not looked at: too many attempts. */
        record Blocked(Duration retryAfter) implements Outcome {}
    }

    /**
     * Checks a password.
     *
     * @param address the caller's IP address
     * @throws PasswordHashes.Busy too many at once
     */
    public Outcome attempt(String email, String password, String address) {
        var account = User.normalized(email);
        var user = users.findByEmail(account).filter(User::maySignIn).orElse(null);
        var network = Network.of(address);
        var known = isKnown(user == null ? NOBODY : user.id(), network);
        var wait = take(account, network, known);
        if (wait.isPresent()) {
            recordOnce(wait.get(), user, account, address);
            return new Outcome.Blocked(wait.get());
        }
        if (!matches(user, password)) {
            securityLog.record(
                    SecurityEvent.Type.SIGN_IN_FAILED, id(user), null, address, Map.of("account", user != null));
            return new Outcome.Refused();
        }
        attempts.forget(PAIR, account + " " + network);
        if (!known) {
            attempts.forget(ACCOUNT, account);
            attempts.giveBack(ADDRESS, network);
        }
        return new Outcome.Accepted(succeeded(user, password, address));
    }

    /** The first attempt of a wait is in the audit log, not each one that somebody cares to make. */
    private void recordOnce(Duration wait, @Nullable User user, String account, String address) {
        var untilItEnds = new AttemptLimiter.Limit(1, wait, wait, wait, true);
        if (attempts.take(BLOCKED, account + " " + Network.of(address), untilItEnds)
                .isEmpty()) {
            securityLog.record(SecurityEvent.Type.SIGN_IN_BLOCKED, id(user), address);
        }
    }

    private Optional<Duration> take(String account, String network, boolean known) {
        var pair = attempts.take(PAIR, account + " " + network, limit(settings.pairAttempts()));
        if (pair.isPresent() || known) {
            return pair;
        }
        return Stream.of(
                        attempts.take(ACCOUNT, account, limit(settings.accountAttempts())),
                        attempts.take(ADDRESS, network, limit(settings.addressAttempts())))
                .flatMap(Optional::stream)
                .max(Duration::compareTo);
    }

    private AttemptLimiter.Limit limit(int free) {
        return new AttemptLimiter.Limit(free, settings.firstDelay(), settings.longestDelay(), settings.memory(), false);
    }

    private boolean matches(@Nullable User user, String password) {
        if (user == null) {
            hashes.matchesNobody(password);
            return false;
        }
        return hashes.matches(password, user.passwordHash());
    }

    private User succeeded(@Nullable User user, String password, String address) {
        if (user == null) {
            throw new IllegalStateException("nobody has a password");
        }
        jdbc.sql("""
                        insert into known_addresses (user_id, address, last_at) values (:user, :address, :now)
                        on conflict (user_id, address) do update set last_at = :now
                        """)
                .param("user", user.id())
                .param("address", Network.of(address))
                .param("now", Timestamp.from(clock.instant()))
                .update();
        securityLog.record(SecurityEvent.Type.SIGN_IN_SUCCEEDED, user.id(), address);
        if (hashes.isOutdated(user.passwordHash())) {
            try {
                return users.save(user.withPasswordHash(hashes.hash(password), clock.instant()));
            } catch (OptimisticLockingFailureException e) {
                return user; // changed meanwhile: the next sign-in will do it
            }
        }
        return user;
    }

    /** Addresses that do not count as known any more. */
    @Override
    public int removeExpired() {
        return jdbc.sql("delete from known_addresses where last_at < :then")
                .param("then", Timestamp.from(clock.instant().minus(settings.knownAddressAge())))
                .update();
    }

    private boolean isKnown(UUID user, String network) {
        return jdbc.sql("""
                        select exists (select 1 from known_addresses
                                        where user_id = :user and address = :address and last_at > :since)
                        """)
                .param("user", user)
                .param("address", network)
                .param("since", Timestamp.from(clock.instant().minus(settings.knownAddressAge())))
                .query(Boolean.class)
                .single();
    }

    private static @Nullable UUID id(@Nullable User user) {
        return user == null ? null : user.id();
    }
}
