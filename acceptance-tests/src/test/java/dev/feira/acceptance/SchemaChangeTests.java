package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.local.Instance;
import dev.feira.local.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The schema of order-service changes while people order. The next version is the same service with one migration more,
 * numbered far above those that exist; it grows the schema, as every version may: expand and contract,
 * docs/operations.md.
 */
@AcceptanceTest
class SchemaChangeTests {

    /** Longer than the pool lets a statement run (10 s), and than it waits for a lock. */
    private static final Duration SLOW = Duration.ofSeconds(12);

    @TempDir
    private Path migrations;

    private Instance first;
    private Instance second;

    @BeforeEach
    void twoReplicas() {
        var replicas = Feira.embedded().instances(Service.ORDER);
        assertThat(replicas).hasSizeGreaterThan(1);
        first = replicas.getFirst();
        second = replicas.getLast();
    }

    /** Back to the version that everybody else tests, which has to live with the schema of the next one. */
    @AfterEach
    void theVersionBefore() {
        Feira.embedded().restart(first, Map.of());
        Feira.embedded().restart(second, Map.of());
    }

    @Test
    void bothVersionsServeSideBySideAndTheChangeCanBeTakenBack() throws Exception {
        // What takes long comes first; the lock that stops the others is held for the blink of the last statement
        migration(9000, """
                create table gift_wraps (order_id uuid primary key references orders, note text not null);
                select pg_sleep(4);
                alter table orders add column gift_note text not null default '';
                """);

        Load load;
        try (var shoppers = Load.started()) {
            load = shoppers;
            goesOn(load);
            Feira.embedded().restart(second, nextVersion());
            goesOn(load);
            Feira.embedded().restart(second, Map.of());
            goesOn(load);
        }

        assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        assertThat(load.contradictions()).isEmpty();
        assertThat(applied(9000)).isEqualTo(1);
    }

    @Test
    void replicasThatStartTogetherMigrateOnce() throws Exception {
        migration(9001, """
                create table migrated (at timestamptz not null default now());
                select pg_sleep(1);
                insert into migrated default values;
                """);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var starts = List.of(first, second).stream()
                    .map(replica -> threads.submit(() -> Feira.embedded().restart(replica, nextVersion())))
                    .toList();
            for (var start : starts) {
                start.get();
            }
        }

        assertThat(applied(9001)).isEqualTo(1);
        assertThat(count("select count(*) from migrated")).isEqualTo(1);
    }

    @Test
    void aSlowMigrationIsNotTakenForAHang() throws Exception {
        var customer = Person.registered();
        try (var elsewhere = Feira.embedded().postgres().connect(Service.ORDER);
                var statement = elsewhere.createStatement();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            statement.execute("create table slow_gate (id int)");
            elsewhere.setAutoCommit(false);
            statement.execute("lock table slow_gate in access exclusive mode");
            migration(9002, "select count(*) from slow_gate; create index on orders (version)");

            var start = threads.submit(() -> Feira.embedded().restart(second, nextVersion()));
            await("the migration is under way")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> count("select count(*) from pg_locks where not granted") > 0);
            var process = second.pid();
            await("it is alive and not ready, as long as it takes")
                    .atMost(SLOW.plusMinutes(1))
                    .during(SLOW)
                    .until(() -> health("liveness") == 200 && health("readiness") == 503);
            customer.get("/api/orders").expect(200); // the other replica
            assertThat(start.isDone()).isFalse();

            elsewhere.commit();
            start.get();
            assertThat(second.pid()).isEqualTo(process);
        }
        assertThat(applied(9002)).isEqualTo(1);
    }

    private static void goesOn(Load load) {
        var before = load.orders();
        await("orders are placed").atMost(Duration.ofMinutes(1)).until(() -> load.orders() > before + 10);
    }

    private void migration(int version, String sql) throws IOException {
        Files.writeString(migrations.resolve("V" + version + "__next.sql"), sql);
    }

    private Map<String, String> nextVersion() {
        return Map.of("SPRING_FLYWAY_LOCATIONS", "classpath:db/migration,filesystem:" + migrations);
    }

    private int health(String group) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var uri = URI.create(second.managementUri() + "/actuator/health/" + group);
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static int applied(int version) throws SQLException {
        return count("select count(*) from flyway_schema_history where success and version = '" + version + "'");
    }

    private static int count(String query) throws SQLException {
        try (var connection = Feira.embedded().postgres().connect(Service.ORDER);
                var rows = connection.createStatement().executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
