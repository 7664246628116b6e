package dev.feira.defaults.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.defaults.Http;
import dev.feira.defaults.SampleService;
import dev.feira.defaults.problem.ProblemsTests;
import dev.feira.test.PostgresConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts a service before its database. */
class DatabaseMigrationTests {

    @Test
    void startsWithoutTheDatabaseAndBecomesReadyWithIt() throws IOException {
        var database = PostgresConfiguration.freshDatabase();
        var port = freePort();

        try (var service = start(database, port)) {
            assertThat(health(service, "liveness").statusCode()).isEqualTo(200);
            assertThat(health(service, "startup").statusCode()).isEqualTo(200);
            var readiness = health(service, "readiness");
            assertThat(readiness.statusCode()).isEqualTo(503);
            assertThat(readiness.body()).contains("the database is not migrated yet");

            var unavailable = Http.get(httpPort(service), "/notes");
            ProblemsTests.problem(unavailable, 503, "database-unavailable");
            assertThat(unavailable.headers().firstValue("Retry-After")).hasValue("2");

            try (var _ = new Relay(port, Relay.portOf(database))) {
                await(() -> health(service, "readiness").statusCode() == 200);
                assertThat(Http.get(httpPort(service), "/notes").body()).isEqualTo("[\"first\"]");
            }
        }
    }

    @Test
    void runsMigrationsThatTakeLongerThanTheStatementTimeout() {
        var database = PostgresConfiguration.freshDatabase();
        try (var service = start(
                database,
                Relay.portOf(database),
                "--spring.flyway.locations=classpath:db/migration,classpath:db/slow",
                "--spring.datasource.hikari.data-source-properties.options=-c statement_timeout=200",
                "--spring.datasource.hikari.data-source-properties.socketTimeout=1")) {
            await(() -> health(service, "readiness").statusCode() == 200);
            assertThat(Http.get(httpPort(service), "/notes").body()).isEqualTo("[\"first\"]");
        }
    }

    @Test
    void namesTheRemedyAfterAWrongPassword() {
        assertThat(DatabaseMigration.summary(new SQLException("FATAL: password authentication failed", "28P01")))
                .contains("password authentication failed", "restore the secrets of that time");
        assertThat(DatabaseMigration.summary(new SQLException("FATAL: the database system is starting up", "57P03")))
                .doesNotContain("secrets");
    }

    private static ConfigurableApplicationContext start(JdbcConnectionDetails database, int port, String... settings) {
        var url = database.getJdbcUrl().replaceFirst("localhost:\\d+", "localhost:" + port);
        return new SpringApplicationBuilder(SampleService.class)
                .run(Stream.concat(
                                Stream.of(
                                        "--spring.datasource.url=" + url,
                                        "--spring.datasource.username=" + database.getUsername(),
                                        "--spring.datasource.password=" + database.getPassword(),
                                        "--feira.database.migration-wait=100ms",
                                        "--feira.database.migration-retry=100ms",
                                        "--spring.datasource.hikari.connection-timeout=500"),
                                Stream.of(settings))
                        .toArray(String[]::new));
    }

    private static java.net.http.HttpResponse<String> health(ConfigurableApplicationContext service, String group) {
        var port = service.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
        return Http.get(port, "/actuator/health/" + group);
    }

    private static int httpPort(ConfigurableApplicationContext service) {
        return service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        var end = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("not within 60 s").isBefore(end);
        }
    }
}
