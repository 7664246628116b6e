package dev.feira.defaults.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Opens the connections of a HikariCP pool and, during an outage, retries every 250 ms. HikariCP doubles its pause after each
 * failure up to 5 s and has no setting for it (PoolEntryCreator in HikariCP 7), which prolongs each outage; see decision 0011.
 *
 * <p>The first failure of an outage is thrown, so that the pool reports its cause. Later attempts are repeated until the
 * database returns or this is closed. Other failures are always thrown: a wrong password, or too many connections.
 */
final class ReconnectingDataSource extends DelegatingDataSource implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ReconnectingDataSource.class);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean unavailable;
    private volatile int loginTimeout;

    /** @param database opens a new connection for each call */
    ReconnectingDataSource(DataSource database) {
        super(database);
    }

    @FunctionalInterface
    private interface Attempt {
        Connection connect() throws SQLException;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return connect(super::getConnection);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return connect(() -> super.getConnection(user, password));
    }

    private Connection connect(Attempt attempt) throws SQLException {
        while (true) {
            try {
                return unlessClosed(attempt.connect());
            } catch (SQLException e) {
                if (!isOutage(e) || isFirst(e) || isClosedWithin(PAUSE)) {
                    throw e;
                }
            }
        }
    }

    /** The pool no longer closes a connection that arrives after its shutdown. */
    private Connection unlessClosed(Connection connection) throws SQLException {
        if (closed.getCount() == 0) {
            connection.close();
            throw new SQLException("The pool is closed.");
        }
        if (unavailable) {
            unavailable = false;
            log.info("The database is available again");
        }
        return connection;
    }

    /** Returns whether the connection failed (class 08) or the server starts or stops (57P); 08004 rejects this user. */
    private static boolean isOutage(SQLException e) {
        var state = Objects.requireNonNullElse(e.getSQLState(), "");
        return state.startsWith("08") && !state.equals("08004") || state.startsWith("57P");
    }

    private boolean isFirst(SQLException e) {
        if (unavailable) {
            return false;
        }
        unavailable = true;
        log.warn("The database is unavailable; retrying every {}: {}", PAUSE, DatabaseMigration.summary(e));
        return true;
    }

    private boolean isClosedWithin(Duration time) {
        try {
            return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Ends the retries, before the pool is closed. */
    @Override
    public void close() {
        closed.countDown();
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeout = seconds; // read by the pool's shutdown; the driver has its own setting
    }

    @Override
    public int getLoginTimeout() {
        return loginTimeout;
    }
}
