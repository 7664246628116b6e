package dev.feira.user.application;

import dev.feira.user.domain.ActiveSessions;
import dev.feira.user.domain.AttemptLimiter;
import dev.feira.user.domain.Role;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import dev.feira.user.events.UserEvents;
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

    private final Users users;
    private final PasswordHashes hashes;
    private final CurrentPassword currentPassword;
    private final SecurityLog securityLog;
    private final List<ActiveSessions> sessions;
    private final SingleUseLinks links;
    private final UserEvents events;
    private final TransactionOperations transaction;
    private final Clock clock;

    Profiles(
            Users users,
            PasswordHashes hashes,
            CurrentPassword currentPassword,
            SecurityLog securityLog,
            List<ActiveSessions> sessions,
            SingleUseLinks links,
            UserEvents events,
            TransactionOperations transaction,
            Clock clock) {
        this.users = users;
        this.hashes = hashes;
        this.currentPassword = currentPassword;
        this.securityLog = securityLog;
        this.sessions = sessions;
        this.links = links;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** The account does not exist: 404. */
    public static final class UserNotFound extends RuntimeException {}

    /** The current password is incorrect: 403. */
    public static final class WrongPassword extends RuntimeException {}

    /** A demonstration account keeps its e-mail address, password, roles and sign-ins, and is not erased: 409. */
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
            var saved = users.save(changed);
            events.changed(saved);
            return saved;
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
        this.currentPassword.require(user, currentPassword);
        var hash = hashes.hash(newPassword); // slow, so outside of the transaction
        inTransaction(id, current -> {
            var saved = users.save(current.withPasswordHash(hash, clock.instant()));
            sessions.forEach(each -> each.endAll(id));
            links.replaceBeforeNewPassword(id);
            securityLog.record(SecurityEvent.Type.PASSWORD_CHANGED, id, address);
            events.passwordChanged(saved, UserEvents.PasswordReason.CHANGED);
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
            events.changed(saved);
            return saved;
        });
    }

    private User inTransaction(UUID id, UnaryOperator<User> change) {
        return transaction.execute(_ -> change.apply(users.lockById(id).orElseThrow(UserNotFound::new)));
    }
}
