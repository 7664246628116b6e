package dev.feira.defaults.database;

import dev.feira.defaults.FeiraProperties;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;

/**
 * Migrates the schema in the background, so that a service starts without its database. The first attempt begins before the
 * web server opens its port; attempts continue until one succeeds. Until then the service is alive but not ready. Flyway's
 * lock lets one replica at a time migrate.
 */
public final class DatabaseMigration implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DatabaseMigration.class);
    private static final String WRONG_PASSWORD = "28P01"; // PostgreSQL, appendix A: invalid_password

    private final Flyway flyway;
    private final Flyway longRunning;
    private final List<AfterMigration> afterwards;
    private final Duration wait;
    private final Duration retry;
    private final CountDownLatch done = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private volatile @Nullable String lastFailure;

    /**
     * @param flyway uses the service's pool and its timeouts; validates the schema when no migration is pending
     * @param longRunning runs the same migrations without timeouts
     */
    DatabaseMigration(
            Flyway flyway, Flyway longRunning, List<AfterMigration> afterwards, FeiraProperties.Database settings) {
        this.flyway = flyway;
        this.longRunning = longRunning;
        this.afterwards = List.copyOf(afterwards);
        this.wait = settings.migrationWait();
        this.retry = settings.migrationRetry();
    }

    /** Returns whether the schema is migrated; scheduled tasks do nothing before. */
    public boolean isDone() {
        return done.getCount() == 0;
    }

    /** Returns the cause of the last failure in one line, or null if no attempt failed. */
    @Nullable String lastFailure() {
        return lastFailure;
    }

    @Override
    public void start() {
        thread = Thread.ofVirtual().name("database-migration").start(this::migrateUntilDone);
        try {
            if (!done.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("The database is not migrated yet; the service starts and becomes ready after the migration");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void migrateUntilDone() {
        try {
            do {
                if (attempt()) {
                    done.countDown();
                    return;
                }
            } while (!stopped.await(retry.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean attempt() {
        try {
            (flyway.info().pending().length > 0 ? longRunning : flyway).migrate(); // validates if nothing is pending
            afterwards.forEach(AfterMigration::run);
            lastFailure = null;
            return true;
        } catch (RuntimeException e) {
            var failure = summary(e);
            if (!Objects.equals(failure, lastFailure)) { // once per cause, not once per second
                log.error("The database migration failed and is retried every {}: {}", retry, failure);
                log.debug("Stack trace of the failed migration", e);
            }
            lastFailure = failure;
            return false;
        }
    }

    /** Returns the root cause in one line; after a wrong password with the remedy. */
    static String summary(Throwable e) {
        var root = NestedExceptionUtils.getMostSpecificCause(e);
        var line = root.getClass().getSimpleName() + ": "
                + String.valueOf(root.getMessage()).lines().findFirst().orElse("");
        return root instanceof SQLException sql && WRONG_PASSWORD.equals(sql.getSQLState())
                ? line
                        + ". PostgreSQL keeps the passwords of its first start: restore the secrets of that time, or change"
                        + " the role's password"
                : line;
    }

    @Override
    public void stop() {
        stopped.countDown();
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Starts before the web server and everything else that uses the schema. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE + 1000;
    }
}
