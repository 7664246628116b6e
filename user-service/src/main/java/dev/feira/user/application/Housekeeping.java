package dev.feira.user.application;

import dev.feira.defaults.database.DatabaseMigration;
import dev.feira.user.domain.Expiring;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Removes expired rows. Each removal is a single statement, which any replica may run at any time. */
@Component
class Housekeeping {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    private final List<Expiring> stores;
    private final DatabaseMigration migration;

    Housekeeping(List<Expiring> stores, DatabaseMigration migration) {
        this.stores = stores;
        this.migration = migration;
    }

    @Scheduled(initialDelay = 1, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
    void removeExpired() {
        if (!migration.isDone()) {
            return;
        }
        try {
            log.debug(
                    "Removed {} expired rows",
                    stores.stream().mapToInt(Expiring::removeExpired).sum());
        } catch (DataAccessException e) {
            log.warn("Expired rows could not be removed; the next run retries: {}", e.getMessage());
        }
    }
}
