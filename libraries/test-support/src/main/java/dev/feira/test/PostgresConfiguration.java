package dev.feira.test;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.DynamicPropertyRegistrar;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * Starts PostgreSQL for tests: embedded by default, in a container with {@code -Dtest.postgres=container}. One server per JVM, one
 * new database per application context.
 */
@TestConfiguration(proxyBeanMethods = false)
public class PostgresConfiguration {

    /** Makes the start of a test context wait for the migration. */
    @Bean
    DynamicPropertyRegistrar awaitMigration() {
        return registry -> registry.add("feira.database.migration-wait", () -> Duration.ofSeconds(60));
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "test.postgres", havingValue = "container")
    static class Container {

        @Bean
        @ServiceConnection
        PostgreSQLContainer postgres() {
            return new PostgreSQLContainer("postgres:18");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "test.postgres", havingValue = "embedded", matchIfMissing = true)
    static class Embedded {

        @Bean
        JdbcConnectionDetails connection() {
            return freshDatabase();
        }
    }

    /** Returns a new, empty database on the embedded server, for tests that start several contexts on one database. */
    public static JdbcConnectionDetails freshDatabase() {
        var name = "test_" + UUID.randomUUID().toString().replace("-", "");
        try (var connection = Server.INSTANCE.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("the embedded PostgreSQL did not create a database", e);
        }
        return new Database("jdbc:postgresql://localhost:%d/%s".formatted(Server.INSTANCE.getPort(), name));
    }

    /** Returns an unreachable database. */
    public static JdbcConnectionDetails nowhere() {
        return new Database("jdbc:postgresql://localhost:1/nowhere");
    }

    private record Database(String getJdbcUrl) implements JdbcConnectionDetails {

        @Override
        public String getUsername() {
            return "postgres";
        }

        @Override
        public String getPassword() {
            return "postgres";
        }
    }

    /** Starts once per JVM; stops after Spring has closed the last context. */
    private static final class Server {

        static final EmbeddedPostgres INSTANCE = start();

        private static EmbeddedPostgres start() {
            try {
                // The library's shutdown hook would stop the server while Spring still closes contexts. This hook waits
                // until their connections are closed.
                var postgres = EmbeddedPostgres.builder()
                        .setRegisterShutdownHook(false)
                        .setServerConfig("max_connections", "300")
                        .setServerConfig("fsync", "off")
                        .setServerConfig("synchronous_commit", "off")
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> close(postgres), "stop-postgres"));
                return postgres;
            } catch (IOException e) {
                throw new UncheckedIOException("the embedded PostgreSQL did not start", e);
            }
        }

        /** Surefire allows 30 s between the last test and the end of the process. */
        private static void awaitLastConnection(EmbeddedPostgres postgres) {
            var deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            try (var connection = postgres.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                while (System.nanoTime() < deadline) {
                    try (var count = statement.executeQuery(
                            "select count(*) from pg_stat_activity where datname like 'test\\_%'")) {
                        if (count.next() && count.getInt(1) == 0) {
                            return;
                        }
                    }
                    LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                }
            } catch (SQLException e) {
                // stops the server in any case
            }
        }

        private static void close(EmbeddedPostgres postgres) {
            try {
                awaitLastConnection(postgres);
                postgres.close();
            } catch (IOException e) {
                throw new UncheckedIOException("the embedded PostgreSQL did not stop", e);
            }
        }
    }
}
