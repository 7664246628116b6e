package dev.feira.defaults.database;

import dev.feira.defaults.FeiraProperties;
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
 * Migrates the service's schema without making the start depend on the database: the first attempt begins before the
 * web server opens its port, and where the database does not answer, attempts go on in the background until one
 * succeeds. Until then the service is alive but not ready. Flyway's own lock lets one replica at a time migrate.
 */
public final class DatabaseMigration implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DatabaseMigration.class);

    private final Flyway flyway;
    private final Flyway patient;
    private final List<AfterMigration> afterwards;
    private final Duration wait;
    private final Duration retry;
    private final CountDownLatch done = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private volatile @Nullable String lastFailure;

    /**
     * @param flyway on the service's pool, with its time limits: a database that hangs is noticed
     * @param patient the same migrations without time limits
     */
    DatabaseMigration(
            Flyway flyway, Flyway patient, List<AfterMigration> afterwards, FeiraProperties.Database settings) {
        this.flyway = flyway;
        this.patient = patient;
        this.afterwards = List.copyOf(afterwards);
        this.wait = settings.migrationWait();
        this.retry = settings.migrationRetry();
    }

    /** Returns whether the schema is there; scheduled work does nothing before. */
    public boolean isDone() {
        return done.getCount() == 0;
    }

    /** Returns why the last attempt failed, in one line, or null where none has failed yet. */
    @Nullable String lastFailure() {
        return lastFailure;
    }

    @Override
    public void start() {
        thread = Thread.ofVirtual().name("database-migration").start(this::untilDone);
        try {
            if (!done.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("The database is not migrated yet; the service starts and is not ready until it is");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void untilDone() {
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
            (flyway.info().pending().length > 0 ? patient : flyway).migrate(); // nothing pending: it validates
            afterwards.forEach(AfterMigration::run);
            lastFailure = null;
            return true;
        } catch (RuntimeException e) {
            var failure = summary(e);
            if (!Objects.equals(failure, lastFailure)) { // once per cause, not once per second
                log.error("The database migration failed and will be tried again every {}: {}", retry, failure);
                log.debug("The failure in full", e);
            }
            lastFailure = failure;
            return false;
        }
    }

    /** Returns the first cause of all, in one line. */
    static String summary(Throwable e) {
        var root = NestedExceptionUtils.getMostSpecificCause(e);
        return root.getClass().getSimpleName() + ": "
                + String.valueOf(root.getMessage()).lines().findFirst().orElse("");
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

    /** Before everything that may use the schema, the web server included. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE + 1000;
    }
}
