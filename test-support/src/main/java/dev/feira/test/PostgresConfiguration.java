package dev.feira.test;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.DynamicPropertyRegistrar;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * Real PostgreSQL for tests: embedded by default, a container with {@code -Dtest.postgres=container}. One server for
 * each JVM, one fresh database for each application context.
 */
@TestConfiguration(proxyBeanMethods = false)
public class PostgresConfiguration {

    /** A test's context is ready only when its schema is. */
    @Bean
    DynamicPropertyRegistrar migrationIsAwaited() {
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
            throw new IllegalStateException("the embedded PostgreSQL refused a new database", e);
        }
        return new Database("jdbc:postgresql://localhost:%d/%s".formatted(Server.INSTANCE.getPort(), name));
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

    /** Started once for the JVM; stopped when Spring has closed the last context. */
    private static final class Server {

        static final EmbeddedPostgres INSTANCE = start();

        private static EmbeddedPostgres start() {
            try {
                // The library's hook would stop the server while Spring still closes its contexts, in parallel, and
                // connections would wait for a server that is gone. Spring's own hook runs this after that.
                var postgres = EmbeddedPostgres.builder()
                        .setRegisterShutdownHook(false)
                        .setServerConfig("max_connections", "300")
                        .setServerConfig("fsync", "off")
                        .setServerConfig("synchronous_commit", "off")
                        .start();
                SpringApplication.getShutdownHandlers().add(() -> close(postgres));
                return postgres;
            } catch (IOException e) {
                throw new UncheckedIOException("the embedded PostgreSQL did not start", e);
            }
        }

        private static void close(EmbeddedPostgres postgres) {
            try {
                postgres.close();
            } catch (IOException e) {
                throw new UncheckedIOException("the embedded PostgreSQL did not stop", e);
            }
        }
    }
}
