package dev.feira.user.application;

import dev.feira.defaults.database.AfterMigration;
import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.Role;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import dev.feira.user.events.UserEvents;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Gives the role ADMIN to the account that {@code feira.users.first-admin} names. Does nothing if an admin exists other
 * than the demonstration account, so the setting may stay.
 *
 * <p>An e-mail address may be unverified, so this never creates an account: the operator registers it first.
 */
@Component
@Order(40)
class FirstAdmin implements AfterMigration {

    private static final Logger log = LoggerFactory.getLogger(FirstAdmin.class);

    private final Users users;
    private final SecurityLog securityLog;
    private final UserEvents events;
    private final TransactionOperations transaction;
    private final String email;
    private final Clock clock;

    FirstAdmin(
            Users users,
            SecurityLog securityLog,
            UserEvents events,
            TransactionOperations transaction,
            UserProperties settings,
            Clock clock) {
        this.users = users;
        this.securityLog = securityLog;
        this.events = events;
        this.transaction = transaction;
        this.email = settings.firstAdmin();
        this.clock = clock;
    }

    @Override
    public void run() {
        if (email.isBlank()) {
            return;
        }
        transaction.executeWithoutResult(_ -> users.findByEmailAddress(email)
                .flatMap(user -> users.lockById(user.id())) // the second replica waits, then finds the admin
                .filter(user -> !user.demo() && user.maySignIn())
                .ifPresentOrElse(
                        this::promote,
                        () -> log.warn("feira.users.first-admin (FEIRA_FIRST_ADMIN) names no account that may sign in:"
                                + " register it, then restart user-service")));
    }

    private void promote(User user) {
        if (users.existsAdmin()) {
            return;
        }
        var roles = EnumSet.copyOf(user.roles());
        roles.add(Role.ADMIN);
        var admin = users.save(user.withRoles(roles, clock.instant()));
        events.changed(admin);
        securityLog.record(
                SecurityEvent.Type.ROLES_CHANGED,
                user.id(),
                null,
                null,
                Map.of("from", user.roleLabels(), "to", admin.roleLabels(), "by", "feira.users.first-admin"));
    }
}
