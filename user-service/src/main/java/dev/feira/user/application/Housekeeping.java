package dev.feira.user.application;

import dev.feira.defaults.database.DatabaseMigration;
import dev.feira.user.config.UserProperties;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Removes what has served its time. Each removal is one statement that any replica may run at any time. */
@Component
class Housekeeping {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    private final SecurityLog securityLog;
    private final AttemptLimiter attempts;
    private final List<Expiring> expiring;
    private final UserProperties.Retention retention;
    private final ObjectProvider<DatabaseMigration> migration;
    private final Clock clock;

    Housekeeping(
            SecurityLog securityLog,
            AttemptLimiter attempts,
            List<Expiring> expiring,
            UserProperties settings,
            ObjectProvider<DatabaseMigration> migration,
            Clock clock) {
        this.securityLog = securityLog;
        this.attempts = attempts;
        this.expiring = expiring;
        this.retention = settings.retention();
        this.migration = migration;
        this.clock = clock;
    }

    @Scheduled(initialDelay = 1, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
    void clean() {
        if (!migration.getObject().isDone()) {
            return;
        }
        try {
            var now = clock.instant();
            var expired = expiring.stream().mapToInt(Expiring::removeExpired).sum();
            var forgotten = attempts.removeOlderThan(now.minus(retention.attempts()));
            var events = securityLog.removeOlderThan(now.minus(retention.securityEvents()));
            log.debug("Removed {} expired rows, {} attempts, {} security events", expired, forgotten, events);
        } catch (DataAccessException e) {
            log.warn("Cleaning up waits: {}", e.getMessage());
        }
    }
}
