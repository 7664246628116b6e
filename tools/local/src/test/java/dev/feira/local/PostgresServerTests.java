package dev.feira.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTests {

    @TempDir
    static Path folder;

    private static final Secrets SECRETS = Secrets.random();
    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = server(SECRETS);
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @Test
    void runsPostgres18() throws SQLException {
        try (var connection = server.connect(Service.CATALOG)) {
            assertThat(connection.getMetaData().getDatabaseMajorVersion()).isEqualTo(18);
        }
    }

    @Test
    void allowsEachRoleOnlyItsOwnDatabase() throws SQLException {
        for (var service : Service.values()) {
            server.connect(service).close();
            var password = SECRETS.get(service.passwordVariable());
            for (var other : Service.values()) {
                if (other != service) {
                    assertThatThrownBy(() ->
                                    DriverManager.getConnection(server.jdbcUrl(other), service.database(), password))
                            .hasMessageContaining("permission denied for database");
                }
            }
            for (var common : new String[] {"postgres", "template1"}) {
                var url = server.jdbcUrl(service).replaceFirst("[^/]+$", common);
                assertThatThrownBy(() -> DriverManager.getConnection(url, service.database(), password))
                        .hasMessageContaining("permission denied for database");
            }
        }
    }

    @Test
    void allowsOwnerToCreateExtensions() throws SQLException {
        try (var connection = server.connect(Service.CATALOG);
                var statement = connection.createStatement()) {
            for (var extension : new String[] {"pg_trgm", "unaccent", "pgcrypto"}) {
                statement.execute("CREATE EXTENSION IF NOT EXISTS " + extension);
            }
            assertThat(text(connection, "SELECT lower('É') || unaccent('maçã')"))
                    .isEqualTo("émaca");
        }
    }

    @Test
    void keepsCommittedDataAfterKill() throws SQLException {
        execute("CREATE TABLE kept (word text)", "INSERT INTO kept VALUES ('here')");
        var pid = server.pid();

        server.kill();
        assertThat(server.state()).isEqualTo(Component.State.ENDED);
        server.start();

        assertThat(server.pid()).isNotEqualTo(pid);
        try (var connection = server.connect(Service.ORDER)) {
            assertThat(text(connection, "SELECT word FROM kept")).isEqualTo("here");
        }
    }

    @Test
    void stopsServerOfEarlierLauncherAndReusesItsData() throws SQLException {
        var leftover = server.pid();
        server = server(SECRETS);

        server.start();

        assertThat(ProcessHandle.of(leftover).filter(ProcessHandle::isAlive)).isEmpty();
        server.connect(Service.USER).close();
    }

    @Test
    void reportsDataCreatedWithOtherSecrets() {
        server.stop();
        try {
            assertThatThrownBy(() -> server(Secrets.random()).start())
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("created with other secrets")
                    .hasMessageContaining("--fresh");
        } finally {
            server.start();
        }
    }

    private static PostgresServer server(Secrets secrets) {
        var cache = PlatformOptions.findHome().resolve(".feira/cache");
        return new PostgresServer(
                () -> PostgresBinaries.unpacked(cache),
                folder.resolve("postgres"),
                folder.resolve("postgres.log"),
                Ports.free(),
                secrets);
    }

    private static void execute(String... statements) throws SQLException {
        try (var connection = server.connect(Service.ORDER);
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
