package dev.feira.user.application;

import dev.feira.defaults.database.AfterMigration;
import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.Role;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Makes the account that the operator names the first admin; further ones are made by admins. Nothing happens while
 * there is an admin other than the demonstration's, so that the setting may stay, and opens no door later.
 *
 * <p>E-mail addresses are not verified: the account must be there, and known to be the right person's, before it is
 * named. It is never made here.
 */
@Component
@Order(40)
class FirstAdmin implements AfterMigration {

    private static final Logger log = LoggerFactory.getLogger(FirstAdmin.class);

    private final Users users;
    private final SecurityLog securityLog;
    private final TransactionOperations transaction;
    private final String email;
    private final Clock clock;

    FirstAdmin(
            Users users,
            SecurityLog securityLog,
            TransactionOperations transaction,
            UserProperties settings,
            Clock clock) {
        this.users = users;
        this.securityLog = securityLog;
        this.transaction = transaction;
        this.email = User.normalized(settings.firstAdmin());
        this.clock = clock;
    }

    @Override
    public void run() {
        if (email.isEmpty()) {
            return;
        }
        transaction.executeWithoutResult(_ -> users.findByEmail(email)
                .flatMap(user -> users.lockById(user.id())) // of two replicas one waits, and sees the other's admin
                .filter(user -> !user.demo() && user.maySignIn())
                .ifPresentOrElse(
                        this::promote,
                        () -> log.warn("feira.users.first-admin (FEIRA_FIRST_ADMIN) has no account that may sign in:"
                                + " register it, then start user-service again")));
    }

    private void promote(User user) {
        if (users.existsAdmin()) {
            return;
        }
        var roles = EnumSet.copyOf(user.roles());
        roles.add(Role.ADMIN);
        var admin = users.save(user.withRoles(roles, clock.instant()));
        securityLog.record(
                SecurityEvent.Type.ROLES_CHANGED,
                user.id(),
                null,
                null,
                Map.of("from", user.roleLabels(), "to", admin.roleLabels(), "by", "feira.users.first-admin"));
    }
}
