package dev.feira.defaults.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.feira.defaults.SampleService;
import dev.feira.test.PostgresConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Against a real PostgreSQL, behind a {@link Relay} where it is to be away. Who waits for ever is ended by the time limit. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReconnectingDataSourceTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final JdbcConnectionDetails database = PostgresConfiguration.freshDatabase();

    @Test
    void theFirstAttemptFailsAndTheNextOneWaitsForTheDatabase() throws Exception {
        var port = freePort();
        var source = at(port, database.getUsername());
        assertThatExceptionOfType(SQLException.class)
                .as("who waits has to learn why")
                .isThrownBy(source::getConnection)
                .withMessageContaining("refused");

        var waiting = new AtomicReference<Thread>();
        var connection = CompletableFuture.supplyAsync(() -> {
            waiting.set(Thread.currentThread());
            return connected(source);
        });
        await("the second attempt waits")
                .atMost(PATIENCE)
                .until(() -> waiting.get() != null && waiting.get().getState() == Thread.State.TIMED_WAITING);
        try (var _ = new Relay(port, Relay.portOf(database));
                var found = connection.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            assertThat(found.isValid(5)).isTrue();
        }
        assertThatExceptionOfType(SQLException.class)
                .as("the next loss is told again")
                .isThrownBy(source::getConnection);
    }

    /** As a machine does that is on its way: refused, silent, reset, in any order. The pool must not be told each time. */
    @Test
    void failuresOfTwoKindsInTurnAreOneOutage() throws Exception {
        var attempts = new AtomicInteger();
        var source = new ReconnectingDataSource(new DelegatingDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                switch (attempts.getAndIncrement()) {
                    case 0, 2 -> throw new SQLException("Connection refused", "08001");
                    case 1, 3 -> throw new SQLException("An I/O error occurred", "08006");
                    default -> {
                        return DriverManager.getConnection(
                                database.getJdbcUrl(), database.getUsername(), database.getPassword());
                    }
                }
            }
        });
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(source::getConnection)
                .withMessage("Connection refused");
        try (var found = source.getConnection()) {
            assertThat(found.isValid(5)).isTrue();
        }
        assertThat(attempts).hasValue(5);
    }

    @Test
    void aServerWithoutRoomIsNotWaitedFor() {
        var source = new ReconnectingDataSource(new DelegatingDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                throw new SQLException("sorry, too many clients already", "53300");
            }
        });
        for (var attempt = 0; attempt < 2; attempt++) {
            assertThatExceptionOfType(SQLException.class).isThrownBy(source::getConnection);
        }
    }

    @Test
    void whatArrivesAfterTheEndIsClosed() {
        var made = new AtomicReference<Connection>();
        var source = new ReconnectingDataSource(new DelegatingDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                made.set(DriverManager.getConnection(
                        database.getJdbcUrl(), database.getUsername(), database.getPassword()));
                return made.get();
            }
        });
        source.close();
        assertThatExceptionOfType(SQLException.class).isThrownBy(source::getConnection);
        assertThat(made.get()).matches(connection -> {
            try {
                return connection.isClosed();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void thePoolOfAServiceAsksHereAndOneThatIsStartedAlreadyIsLeftAlone() {
        try (var service = new SpringApplicationBuilder(SampleService.class)
                .run(
                        "--spring.datasource.url=" + database.getJdbcUrl(),
                        "--spring.datasource.username=" + database.getUsername(),
                        "--spring.datasource.password=" + database.getPassword())) {
            assertThat(service.getBean(HikariDataSource.class).getDataSource())
                    .isInstanceOf(ReconnectingDataSource.class);
        }
        var settings = new HikariConfig();
        settings.setJdbcUrl(database.getJdbcUrl());
        settings.setUsername(database.getUsername());
        settings.setPassword(database.getPassword());
        try (var started = new HikariDataSource(settings)) {
            assertThat(new ReconnectingPool().postProcessBeforeInitialization(started, "pool"))
                    .isSameAs(started);
            assertThat(started.getDataSource()).isNull();
        }
    }

    /** With Hikari's own threads: nobody goes on asking for a pool that is no more. */
    @Test
    void aServiceThatEndsMeanwhileEndsTheWaiting() throws IOException {
        var service = new SpringApplicationBuilder(SampleService.class)
                .run(
                        "--spring.datasource.url=jdbc:postgresql://localhost:%d/nowhere".formatted(freePort()),
                        "--spring.datasource.hikari.pool-name=lost",
                        "--spring.datasource.hikari.connection-timeout=500",
                        "--feira.database.migration-wait=100ms",
                        "--feira.database.migration-retry=100ms");
        Thread adding;
        try (service) {
            adding = await("the pool asks for a connection")
                    .atMost(PATIENCE)
                    .until(ReconnectingDataSourceTests::adding, Optional::isPresent)
                    .orElseThrow();
        }
        await("it asks no more").atMost(PATIENCE).until(() -> !adding.isAlive());
    }

    private static Optional<Thread> adding() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lost:connection-adder"))
                .findFirst();
    }

    @Test
    void anUnknownUserFailsAtOnce() {
        var source = at(Relay.portOf(database), "nobody");
        for (var attempt = 0; attempt < 2; attempt++) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(source::getConnection)
                    .satisfies(e -> assertThat(e.getSQLState()).startsWith("28"));
        }
    }

    /** As a server does that hangs, or whose machine is about to start: the system takes connections for it. */
    @Test
    void aServerThatTakesTheConnectionAndIsSilentIsLeft() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var url = "jdbc:postgresql://localhost:%d/nowhere".formatted(silent.getLocalPort());
            try (var service = new SpringApplicationBuilder(SampleService.class)
                    .run("--spring.datasource.url=" + url, "--feira.database.migration-wait=100ms")) {
                var settings = new Properties();
                settings.putAll(service.getBean(HikariDataSource.class).getDataSourceProperties());
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> DriverManager.getConnection(url, settings))
                        .as("by loginTimeout: socketTimeout, which is long, would say otherwise")
                        .withMessageContaining("timed out");
            }
        }
    }

    private ReconnectingDataSource at(int port, String user) {
        var url = database.getJdbcUrl().replaceFirst("localhost:\\d+", "localhost:" + port);
        return new ReconnectingDataSource(new DriverManagerDataSource(url, user, database.getPassword()));
    }

    private static Connection connected(ReconnectingDataSource source) {
        try {
            return source.getConnection();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
