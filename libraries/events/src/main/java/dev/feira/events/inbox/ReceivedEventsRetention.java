package dev.feira.events.inbox;

import dev.feira.defaults.database.DatabaseMigration;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/** Deletes the ids of events received long ago, once an hour. */
final class ReceivedEventsRetention implements SchedulingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(ReceivedEventsRetention.class);
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final Duration FIRST = Duration.ofMinutes(1);

    private final Inbox inbox;
    private final DatabaseMigration migration;
    private final InboxProperties settings;
    private final Clock clock;

    ReceivedEventsRetention(Inbox inbox, DatabaseMigration migration, InboxProperties settings, Clock clock) {
        this.inbox = inbox;
        this.migration = migration;
        this.settings = settings;
        this.clock = clock;
    }

    private void run() {
        if (!migration.isDone()) {
            return;
        }
        try {
            inbox.deleteReceived(clock.instant().minus(settings.receivedRetention()));
        } catch (DataAccessException e) {
            log.warn("Cannot delete the ids of received events: {}", e.getMessage());
        }
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar tasks) {
        tasks.addFixedDelayTask(new FixedDelayTask(this::run, INTERVAL, FIRST));
    }
}
