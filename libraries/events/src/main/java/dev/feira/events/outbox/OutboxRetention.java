package dev.feira.events.outbox;

import dev.feira.defaults.database.DatabaseMigration;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/** Deletes old events, once an hour. */
final class OutboxRetention implements SchedulingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(OutboxRetention.class);
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final Duration FIRST = Duration.ofMinutes(1);

    private final Feed feed;
    private final DatabaseMigration migration;
    private final Clock clock;

    OutboxRetention(Feed feed, DatabaseMigration migration, Clock clock) {
        this.feed = feed;
        this.migration = migration;
        this.clock = clock;
    }

    private void run() {
        if (!migration.isDone()) {
            return;
        }
        try {
            var deleted = feed.deleteOld(clock.instant());
            if (deleted > 0) {
                log.info("Deleted {} events that all consumers have read", deleted);
            }
        } catch (DataAccessException e) {
            log.warn("Cannot delete old events: {}", e.getMessage());
        }
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar tasks) {
        tasks.addFixedDelayTask(new FixedDelayTask(this::run, INTERVAL, FIRST));
    }
}
