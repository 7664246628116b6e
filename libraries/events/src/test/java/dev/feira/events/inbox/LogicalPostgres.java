package dev.feira.events.inbox;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.UUID;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** PostgreSQL with logical decoding, one server for the tests' JVM. */
final class LogicalPostgres {

    static final String DEBEZIUM_PASSWORD = "debezium";

    private static final EmbeddedPostgres SERVER = start();

    private LogicalPostgres() {}

    /** A database whose replication slots end with it. */
    record Database(String name) implements JdbcConnectionDetails {

        int port() {
            return SERVER.getPort();
        }

        @Override
        public String getJdbcUrl() {
            return "jdbc:postgresql://localhost:%d/%s".formatted(port(), name);
        }

        @Override
        public String getUsername() {
            return "postgres";
        }

        @Override
        public String getPassword() {
            return "postgres";
        }
    }

    static Database freshDatabase() {
        var name = "logical_" + UUID.randomUUID().toString().replace("-", "");
        execute("create database " + name);
        return new Database(name);
    }

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("max_replication_slots", "50")
                    .setServerConfig("max_wal_senders", "50")
                    .setServerConfig("max_connections", "200")
                    .setServerConfig("fsync", "off")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded PostgreSQL did not start", e);
        }
    }

    static {
        execute("create role debezium login replication password '" + DEBEZIUM_PASSWORD + "'");
    }

    private static void execute(String sql) {
        try (var connection = SERVER.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
