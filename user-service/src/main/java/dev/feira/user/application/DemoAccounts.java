package dev.feira.user.application;

import dev.feira.defaults.database.AfterMigration;
import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.ActiveSessions;
import dev.feira.user.domain.Role;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import dev.feira.user.events.UserEvents;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Creates the demonstration accounts if a demo password is configured, and disables them otherwise. */
@Component
@Order(30)
class DemoAccounts implements AfterMigration {

    private static final Logger log = LoggerFactory.getLogger(DemoAccounts.class);

    private record Account(String email, String name, String locale, Role role) {}

    private static final List<Account> ACCOUNTS = List.of(
            new Account("ana@feira.example", "Ana Ferreira", "pt", Role.CUSTOMER),
            new Account("bruno@feira.example", "Bruno Costa", "en", Role.CUSTOMER),
            new Account("sofia@feira.example", "Sofia Marques", "pt", Role.STAFF),
            new Account("admin@feira.example", "Alex Admin", "en", Role.ADMIN));

    private final Users users;
    private final PasswordHashes hashes;
    private final List<ActiveSessions> sessions;
    private final UserEvents events;
    private final UserProperties settings;
    private final TransactionOperations transaction;
    private final Clock clock;

    DemoAccounts(
            Users users,
            PasswordHashes hashes,
            List<ActiveSessions> sessions,
            UserEvents events,
            UserProperties settings,
            TransactionOperations transaction,
            Clock clock) {
        this.users = users;
        this.hashes = hashes;
        this.sessions = sessions;
        this.events = events;
        this.settings = settings;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public void run() {
        try {
            if (settings.demoPassword().isEmpty()) {
                disable();
            } else {
                enable();
            }
        } catch (OptimisticLockingFailureException | DataIntegrityViolationException e) {
            log.info("Another replica updates the demonstration accounts");
        }
    }

    /** Access tokens that were issued before stay valid until they expire. */
    private void disable() {
        for (var account : users.findByDemoTrue()) {
            transaction.executeWithoutResult(_ -> users.lockById(account.id())
                    .filter(User::maySignIn)
                    .ifPresent(user -> users.save(user.asDemo(false, clock.instant()))));
            signOut(account); // last, so that no sign-in follows
        }
    }

    private void signOut(User account) {
        transaction.executeWithoutResult(_ -> sessions.forEach(each -> each.endAll(account.id())));
    }

    private void enable() {
        for (var account : ACCOUNTS) {
            var present = users.findByEmailAddress(account.email()).orElse(null);
            if (present == null) {
                create(account);
            } else if (present.demo()) {
                var enabled = hashes.matches(settings.demoPassword(), present.passwordHash())
                        ? present
                        : present.withPasswordHash(hashes.hash(settings.demoPassword()), clock.instant());
                if (enabled != present || !present.maySignIn()) {
                    users.save(enabled.asDemo(true, clock.instant()));
                }
                if (enabled != present) { // the password changed
                    signOut(present);
                }
            } else {
                log.warn("{} is a registered account and does not become a demonstration account", account.email());
            }
        }
    }

    private void create(Account account) {
        var hash = hashes.hash(settings.demoPassword()); // slow, so outside of the transaction
        var user = User.register(
                        account.email(),
                        account.name(),
                        hash,
                        Set.of(account.role()),
                        account.locale(),
                        clock.instant())
                .asDemo(true, clock.instant());
        transaction.executeWithoutResult(_ -> events.registered(users.save(user)));
    }
}
