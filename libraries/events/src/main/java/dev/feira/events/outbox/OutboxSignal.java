package dev.feira.events.outbox;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.SmartLifecycle;

/**
 * Wakes requests of the feed when a replica has committed an event, by PostgreSQL's LISTEN on a connection of its own, which it
 * opens for the first request. A signal may come without an event, and after an outage an event without a signal.
 */
final class OutboxSignal implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OutboxSignal.class);
    private static final Duration CHECK = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final DataSource database;
    private volatile Runnable afterConnecting = () -> {};
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long count;
    private boolean closed = true;
    private @Nullable Thread listener;

    OutboxSignal(DataSource database) {
        this.database = database;
    }

    /** Sets what is done after each connection, before readers are woken: the database may have been restored. */
    void afterConnecting(Runnable action) {
        afterConnecting = action;
    }

    /** Returns the number of signals so far; a caller that reads the outbox afterwards misses none. */
    long count() {
        lock.lock();
        try {
            if (listener == null && !closed) {
                listener = Thread.ofVirtual().name("outbox-listener").start(this::listen);
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a signal after {@code seen}.
     *
     * @return false after the service has begun to stop: the request should end
     */
    boolean await(long seen, Duration limit) {
        lock.lock();
        try {
            var nanos = limit.toNanos();
            while (!closed && count == seen && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return !closed;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            count++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void listen() {
        var failing = false;
        while (!isClosed()) {
            try (var connection = connect()) {
                try (var statement = connection.createStatement()) {
                    statement.execute("listen outbox");
                }
                afterConnecting.run();
                failing = false;
                signal(); // for events since the last connection
                while (!isClosed()) {
                    var notified = connection.unwrap(PGConnection.class).getNotifications((int) CHECK.toMillis());
                    if (notified.length > 0) {
                        signal();
                    } else if (!connection.isValid((int) PAUSE.toSeconds())) {
                        throw new SQLException("the connection is lost");
                    }
                }
            } catch (SQLException | RuntimeException e) {
                if (isClosed()) {
                    return;
                }
                if (!failing) {
                    log.warn("Cannot listen for new events, and will look for them: {}", e.getMessage());
                }
                failing = true;
                pause();
            }
        }
    }

    private Connection connect() throws SQLException {
        var pool = Objects.requireNonNull(DataSourceUnwrapper.unwrap(database, HikariDataSource.class));
        return DriverManager.getConnection(pool.getJdbcUrl(), properties(pool));
    }

    /** Returns the pool's properties without its statement timeout: a listener waits for hours. */
    private static Properties properties(HikariDataSource pool) {
        var properties = new Properties();
        properties.putAll(pool.getDataSourceProperties());
        PGProperty.OPTIONS.set(properties, null);
        PGProperty.USER.set(properties, pool.getUsername());
        PGProperty.PASSWORD.set(properties, pool.getPassword());
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.APPLICATION_NAME.set(properties, "outbox-listener");
        return properties;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        lock.lock();
        try {
            closed = false;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits, so that the requests get their responses before the web server stops. */
    @Override
    public void stop() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            if (listener != null) {
                listener.interrupt(); // closes its connection
            }
            listener = null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isRunning() {
        return !isClosed();
    }

    /** Stops after the drain phase, which serves requests as usual, and before the web server. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 512;
    }
}
