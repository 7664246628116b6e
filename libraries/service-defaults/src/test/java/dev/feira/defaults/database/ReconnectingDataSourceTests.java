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

/** Uses a real PostgreSQL, behind a {@link Relay} for outages. The timeout ends a test that waits forever. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReconnectingDataSourceTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final JdbcConnectionDetails database = PostgresConfiguration.freshDatabase();

    @Test
    void failsTheFirstAttemptAndRepeatsTheNextUntilTheDatabaseReturns() throws Exception {
        var port = freePort();
        var source = at(port, database.getUsername());
        assertThatExceptionOfType(SQLException.class)
                .as("the first failure reports the cause")
                .isThrownBy(source::getConnection)
                .withMessageContaining("refused");

        var waiting = new AtomicReference<Thread>();
        var connection = CompletableFuture.supplyAsync(() -> {
            waiting.set(Thread.currentThread());
            return connected(source);
        });
        await("the second attempt pauses")
                .atMost(TIMEOUT)
                .until(() -> waiting.get() != null && waiting.get().getState() == Thread.State.TIMED_WAITING);
        try (var _ = new Relay(port, Relay.portOf(database));
                var found = connection.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            assertThat(found.isValid(5)).isTrue();
        }
        assertThatExceptionOfType(SQLException.class)
                .as("the first failure of the next outage")
                .isThrownBy(source::getConnection);
    }

    /** A starting machine refuses, ignores and resets connections, in any order. Only the first failure reaches the pool. */
    @Test
    void treatsAlternatingFailuresAsOneOutage() throws Exception {
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
    void failsAtOnceWhenTheServerHasTooManyConnections() {
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
    void closesConnectionThatArrivesAfterTheClose() {
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
    void wrapsThePoolOfAServiceButNotAStartedPool() {
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

    /** Uses HikariCP's own threads: none may outlive the pool. */
    @Test
    void stopsRetryingWhenTheServiceStops() throws IOException {
        var service = new SpringApplicationBuilder(SampleService.class)
                .run(
                        "--spring.datasource.url=jdbc:postgresql://localhost:%d/nowhere".formatted(freePort()),
                        "--spring.datasource.hikari.pool-name=lost",
                        "--spring.datasource.hikari.connection-timeout=500",
                        "--feira.database.migration-wait=100ms",
                        "--feira.database.migration-retry=100ms");
        Thread adding;
        try (service) {
            adding = await("the pool requests a connection")
                    .atMost(TIMEOUT)
                    .until(ReconnectingDataSourceTests::adding, Optional::isPresent)
                    .orElseThrow();
        }
        await("the thread ends").atMost(TIMEOUT).until(() -> !adding.isAlive());
    }

    private static Optional<Thread> adding() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lost:connection-adder"))
                .findFirst();
    }

    @Test
    void failsAtOnceForAnUnknownUser() {
        var source = at(Relay.portOf(database), "nobody");
        for (var attempt = 0; attempt < 2; attempt++) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(source::getConnection)
                    .satisfies(e -> assertThat(e.getSQLState()).startsWith("28"));
        }
    }

    /** A hung server: its operating system still accepts connections. */
    @Test
    void timesOutWhenTheServerAcceptsButDoesNotRespond() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var url = "jdbc:postgresql://localhost:%d/nowhere".formatted(silent.getLocalPort());
            try (var service = new SpringApplicationBuilder(SampleService.class)
                    .run("--spring.datasource.url=" + url, "--feira.database.migration-wait=100ms")) {
                var settings = new Properties();
                settings.putAll(service.getBean(HikariDataSource.class).getDataSourceProperties());
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> DriverManager.getConnection(url, settings))
                        .as("loginTimeout, which is shorter than socketTimeout")
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
