package dev.feira.user.application;

import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.Role;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/** Shows and changes accounts. */
@Service
public class Profiles {

    private final Users users;
    private final PasswordHashes hashes;
    private final AttemptLimiter attempts;
    private final SecurityLog securityLog;
    private final List<ActiveSessions> elsewhere;
    private final UserProperties.SignIn settings;
    private final TransactionOperations transaction;
    private final Clock clock;

    Profiles(
            Users users,
            PasswordHashes hashes,
            AttemptLimiter attempts,
            SecurityLog securityLog,
            List<ActiveSessions> elsewhere,
            UserProperties settings,
            TransactionOperations transaction,
            Clock clock) {
        this.users = users;
        this.hashes = hashes;
        this.attempts = attempts;
        this.securityLog = securityLog;
        this.elsewhere = elsewhere;
        this.settings = settings.signIn();
        this.transaction = transaction;
        this.clock = clock;
    }

    /** What keeps a person signed in; ended when the password changes. */
    @FunctionalInterface
    public interface ActiveSessions {

        /** Ends it, in the caller's transaction. */
        void end(UUID userId);
    }

    /** No such account: 404. For a token's own subject it means that the account is gone. */
    public static final class UserNotFound extends RuntimeException {

        UserNotFound() {
            super("no such user");
        }
    }

    /** The present password is not this: 403. */
    public static final class WrongPassword extends RuntimeException {

        WrongPassword() {
            super("the current password is wrong");
        }
    }

    /** A demonstration account is everybody's: its password and roles stay: 409. */
    public static final class DemoAccount extends RuntimeException {

        DemoAccount() {
            super("a demonstration account keeps its password and its roles");
        }
    }

    /** @throws UserNotFound no such account */
    public User view(UUID id) {
        return users.findById(id).orElseThrow(UserNotFound::new);
    }

    /** @throws UserNotFound no such account */
    public User findByEmail(String email) {
        return users.findByEmail(User.normalized(email)).orElseThrow(UserNotFound::new);
    }

    /** Changes what is not null. */
    public User change(UUID id, @Nullable String name, @Nullable String locale, String address) {
        return inTransaction(id, user -> {
            var changed = user.renamed(
                    name == null ? user.name() : name, locale == null ? user.locale() : locale, clock.instant());
            securityLog.record(SecurityEvent.Type.PROFILE_CHANGED, id, address);
            return users.save(changed);
        });
    }

    /**
     * Changes the password and ends everything that keeps this person signed in.
     *
     * @throws WrongPassword the present password is another; too many of these are
     *     {@link Registration.TooManyAttempts}
     * @throws Registration.WeakPassword the new one breaks a rule
     */
    public void changePassword(UUID id, String present, String wanted, String address) {
        var user = view(id);
        if (user.demo()) {
            throw new DemoAccount();
        }
        Registration.requireGoodPassword(wanted, user.email(), user.name());
        attempts.take(
                        "change-password",
                        id.toString(),
                        new AttemptLimiter.Limit(
                                settings.pairAttempts(),
                                settings.firstDelay(),
                                settings.longestDelay(),
                                settings.memory(),
                                false))
                .ifPresent(wait -> {
                    throw new Registration.TooManyAttempts(wait);
                });
        if (!hashes.matches(present, user.passwordHash())) {
            throw new WrongPassword();
        }
        attempts.forget("change-password", id.toString());
        var hash = hashes.hash(wanted); // before the transaction: it takes its time
        inTransaction(id, current -> {
            var saved = users.save(current.withPasswordHash(hash, clock.instant()));
            elsewhere.forEach(sessions -> sessions.end(id));
            securityLog.record(SecurityEvent.Type.PASSWORD_CHANGED, id, address);
            return saved;
        });
    }

    /** Gives the account these roles; they take effect with the next access token, in 10 minutes at the latest. */
    public User giveRoles(UUID id, Set<Role> roles, UUID admin, String address) {
        return inTransaction(id, user -> {
            if (user.demo()) {
                throw new DemoAccount();
            }
            var saved = users.save(user.withRoles(roles, clock.instant()));
            securityLog.record(
                    SecurityEvent.Type.ROLES_CHANGED,
                    id,
                    null,
                    address,
                    Map.of("from", user.roleLabels(), "to", saved.roleLabels(), "by", admin.toString()));
            return saved;
        });
    }

    private User inTransaction(UUID id, UnaryOperator<User> change) {
        return transaction.execute(_ -> change.apply(users.lockById(id).orElseThrow(UserNotFound::new)));
    }
}
