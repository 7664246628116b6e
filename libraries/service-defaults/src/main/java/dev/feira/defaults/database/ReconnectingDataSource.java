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
 * Where the pool gets its connections: one that finds a database which comes back within a quarter of a second after the
 * attempt under way has ended. HikariCP itself doubles its pause after each attempt that fails, up to 5 s, and has no setting
 * for it (PoolEntryCreator in HikariCP 7): a service would be without its database for that much longer than the database is
 * away.
 *
 * <p>The first attempt of an outage that fails, fails at once, so that the pool knows the cause and tells it to whoever waits
 * in vain. The next one is repeated until the database answers or this is closed. What is no question of waiting, such as a
 * wrong password, always fails at once; so does a server that has no room for one more connection, since the pool may need
 * none any more by the time there is room.
 */
final class ReconnectingDataSource extends DelegatingDataSource implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ReconnectingDataSource.class);

    /** A few attempts a second from each replica: nothing to a server that is starting. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** How often a loss that goes on is told again. */
    private static final Duration REMINDER = Duration.ofMinutes(1);

    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean away;
    private volatile long told;
    private volatile int loginTimeout;

    /** @param database opens a connection each time it is asked */
    ReconnectingDataSource(DataSource database) {
        super(database);
    }

    @FunctionalInterface
    private interface Attempt {
        Connection make() throws SQLException;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return connected(() -> obtainTargetDataSource().getConnection());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return connected(() -> obtainTargetDataSource().getConnection(user, password));
    }

    private Connection connected(Attempt attempt) throws SQLException {
        while (true) {
            Connection connection;
            try {
                connection = attempt.make();
            } catch (SQLException e) {
                if (!isAway(e) || isFirst(e) || isClosedWithin(PAUSE)) {
                    throw e;
                }
                remind(e);
                continue;
            }
            return unlessClosed(connection);
        }
    }

    /** The pool's shutdown waits no longer than its own patience; what arrives after it belongs to nobody. */
    private Connection unlessClosed(Connection connection) throws SQLException {
        if (closed.getCount() == 0) {
            connection.close();
            throw new SQLException("The pool was closed meanwhile.");
        }
        if (away) {
            away = false;
            log.info("The database answers again");
        }
        return connection;
    }

    /** Connection lost or refused (class 08), starting or stopping (57P); 08004 is a server that does not take this user. */
    private static boolean isAway(SQLException e) {
        var state = Objects.requireNonNullElse(e.getSQLState(), "");
        return state.startsWith("08") && !state.equals("08004") || state.startsWith("57P");
    }

    private boolean isFirst(SQLException e) {
        if (away) {
            return false;
        }
        away = true;
        tell(e);
        return true;
    }

    /** With the cause of today: an outage may begin with a refusal and go on in silence. */
    private void remind(SQLException e) {
        if (System.nanoTime() - told >= REMINDER.toNanos()) {
            tell(e);
        }
    }

    private void tell(SQLException e) {
        log.warn(
                "No connection to the database, trying again until there is one: {}{}",
                e.getMessage(),
                e.getCause() == null ? "" : " (" + DatabaseMigration.summary(e) + ")");
        told = System.nanoTime();
    }

    private boolean isClosedWithin(Duration time) {
        try {
            return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** The pool is about to be closed: whoever waits for a connection of it, waits no longer. */
    @Override
    public void close() {
        closed.countDown();
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeout = seconds; // the pool's, also for its shutdown; the driver has a setting of its own
    }

    @Override
    public int getLoginTimeout() {
        return loginTimeout;
    }
}
