package dev.feira.user.application;

import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.ActiveSessions;
import dev.feira.user.domain.AttemptLimiter;
import dev.feira.user.domain.Role;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
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

/** Reads and changes accounts. */
@Service
public class Profiles {

    private static final String PASSWORD_CHANGE = "change-password";

    private final Users users;
    private final PasswordHashes hashes;
    private final AttemptLimiter attempts;
    private final SecurityLog securityLog;
    private final List<ActiveSessions> sessions;
    private final UserProperties.SignIn settings;
    private final TransactionOperations transaction;
    private final Clock clock;

    Profiles(
            Users users,
            PasswordHashes hashes,
            AttemptLimiter attempts,
            SecurityLog securityLog,
            List<ActiveSessions> sessions,
            UserProperties settings,
            TransactionOperations transaction,
            Clock clock) {
        this.users = users;
        this.hashes = hashes;
        this.attempts = attempts;
        this.securityLog = securityLog;
        this.sessions = sessions;
        this.settings = settings.signIn();
        this.transaction = transaction;
        this.clock = clock;
    }

    /** The account does not exist: 404. */
    public static final class UserNotFound extends RuntimeException {}

    /** The current password is incorrect: 403. */
    public static final class WrongPassword extends RuntimeException {}

    /** Password and roles of a demonstration account cannot be changed: 409. */
    public static final class DemoAccount extends RuntimeException {}

    /** @throws UserNotFound the account does not exist */
    public User view(UUID id) {
        return users.findById(id).orElseThrow(UserNotFound::new);
    }

    /** @throws UserNotFound the account does not exist */
    public User findByEmail(String email) {
        return users.findByEmailAddress(email).orElseThrow(UserNotFound::new);
    }

    /** Changes name and language; null leaves a value unchanged. */
    public User change(UUID id, @Nullable String name, @Nullable String locale, String address) {
        return inTransaction(id, user -> {
            var changed = user.renamed(
                    name == null ? user.name() : name, locale == null ? user.locale() : locale, clock.instant());
            securityLog.record(SecurityEvent.Type.PROFILE_CHANGED, id, address);
            return users.save(changed);
        });
    }

    /**
     * Changes the password and ends all sessions of the user.
     *
     * @throws WrongPassword the current password is incorrect
     * @throws AttemptLimiter.TooManyAttempts the current password was incorrect too often
     * @throws Registration.WeakPassword the new password violates a rule
     */
    public void changePassword(UUID id, String currentPassword, String newPassword, String address) {
        var user = view(id);
        if (user.demo()) {
            throw new DemoAccount();
        }
        Registration.requireStrongPassword(newPassword, user.email(), user.name());
        attempts.acquire(PASSWORD_CHANGE, id.toString(), SignIn.limit(settings, settings.pairAttempts()));
        if (!hashes.matches(currentPassword, user.passwordHash())) {
            throw new WrongPassword();
        }
        attempts.reset(PASSWORD_CHANGE, id.toString());
        var hash = hashes.hash(newPassword); // slow, so outside of the transaction
        inTransaction(id, current -> {
            var saved = users.save(current.withPasswordHash(hash, clock.instant()));
            sessions.forEach(each -> each.endAll(id));
            securityLog.record(SecurityEvent.Type.PASSWORD_CHANGED, id, address);
            return saved;
        });
    }

    /** Sets the roles of the account. They take effect with the next access token, after at most 10 minutes. */
    public User setRoles(UUID id, Set<Role> roles, UUID admin, String address) {
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
