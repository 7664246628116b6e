package dev.feira.resilience;

import dev.feira.acceptance.Person;
import dev.feira.acceptance.AcceptanceTest;
import dev.feira.acceptance.Feira;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The schema of order-service changes while people order. The next version is the same service with one migration more,
 * numbered far above those that exist; it grows the schema, and another one shrinks it again: expand and contract,
 * docs/operations.md.
 */
@AcceptanceTest
class SchemaChangeTests {

    /** Longer than the pool lets a statement run (10 s), and than it waits for a lock. */
    private static final Duration SLOW = Duration.ofSeconds(12);

    /** One after the other for all tests: each goes on where the one before has left the schema. */
    private static int newest = 9000;

    @TempDir
    private static Path migrations;

    /** Long enough for each client to ask once more. */
    private static final String DRAIN = "2s";

    /** Replicas that are not as they were. */
    private static final Set<Instance> changed = ConcurrentHashMap.newKeySet();

    private Instance first;
    private Instance second;

    @BeforeEach
    void twoReplicas() {
        var replicas = Feira.embedded().instances(Service.ORDER);
        assumeTrue(replicas.size() > 1, "There is one replica of order-service only, as with -Dfeira.toxiproxy");
        first = replicas.getFirst();
        second = replicas.getLast();
    }

    /** Back to the version that everybody else tests, which has to live with the schema of the next one. */
    @AfterEach
    void theVersionBefore() {
        together(Set.copyOf(changed), replica -> restart(replica, Map.of()));
        changed.clear();
    }

    private static void update(Instance replica) {
        restart(
                replica,
                Map.of(
                        "SPRING_FLYWAY_LOCATIONS",
                        "classpath:db/migration,filesystem:" + migrations,
                        "FEIRA_DRAIN",
                        DRAIN));
    }

    /** This version, with what a cluster has: before it stops it sends kept connections elsewhere. */
    private static void takeBack(Instance replica) {
        restart(replica, Map.of("FEIRA_DRAIN", DRAIN));
    }

    private static void restart(Instance replica, Map<String, String> variables) {
        changed.add(replica);
        Feira.embedded().restart(replica, variables);
    }

    private static void together(Set<Instance> replicas, Consumer<Instance> change) {
        CompletableFuture.allOf(replicas.stream()
                        .map(replica -> CompletableFuture.runAsync(
                                () -> change.accept(replica),
                                task -> Thread.ofVirtual().start(task)))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    @Test
    void bothVersionsServeSideBySideAndTheChangeCanBeTakenBack() throws Exception {
        // What takes long comes first; the locks that stop the others are held for the blink of the last two statements
        var expanded = migration("""
                select pg_sleep(4);
                create table gift_wraps (order_id uuid primary key references orders, note text not null);
                alter table orders add column gift_note text not null default '';
                """);

        takeBack(second);

        int contracted;
        Load load;
        try (var shoppers = Load.started()) {
            load = shoppers;
            goesOn(load);
            update(second);
            goesOn(load);
            takeBack(second);
            goesOn(load);
            // No version that runs uses it any more; statements that are prepared must not mind
            contracted = migration("alter table orders drop column gift_note; drop table gift_wraps");
            update(second);
            goesOn(load);
            takeBack(second);
            goesOn(load);
        }

        // That nobody notices a process that ends is for RolloutTests, in a cluster that waits before it ends one
        assertThat(load.failures())
                .as("of %d requests", load.answered())
                .allMatch(failure -> failure.said().contains("urn:feira:problem:service-unavailable"))
                .hasSizeLessThan(5);
        assertThat(load.contradictions()).isEmpty();
        assertThat(applied(expanded)).isEqualTo(1);
        assertThat(applied(contracted)).isEqualTo(1);
    }

    @Test
    void replicasThatStartTogetherMigrateOnce() throws Exception {
        var version = migration("""
                create table migrated (at timestamptz not null default now());
                select pg_sleep(1);
                insert into migrated default values;
                """);

        together(Set.of(first, second), SchemaChangeTests::update);

        assertThat(applied(version)).isEqualTo(1);
        assertThat(count("select count(*) from migrated")).isEqualTo(1);
    }

    @Test
    void aSlowMigrationIsNotTakenForAHang() throws Exception {
        var customer = Person.registered();
        // The connection is closed first, whatever happens: the lock goes, and the start that waits for it ends
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var elsewhere = Feira.embedded().postgres().connect(Service.ORDER);
                var statement = elsewhere.createStatement()) {
            statement.execute("create table slow_gate (id int)");
            elsewhere.setAutoCommit(false);
            statement.execute("lock table slow_gate in access exclusive mode");
            var version = migration("select count(*) from slow_gate; create index on orders (version)");

            var start = threads.submit(() -> update(second));
            await("the migration is under way")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> count(
                                    "select count(*) from pg_locks where not granted and relation = 'slow_gate'::regclass")
                            > 0);
            await("the start goes on meanwhile")
                    .atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .until(() -> health("liveness") == 200);
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
            assertThat(applied(version)).isEqualTo(1);
        }
    }

    private static void goesOn(Load load) {
        var before = load.orders();
        await("orders are placed").atMost(Duration.ofMinutes(1)).until(() -> load.orders() > before + 10);
    }

    /** Returns the version of the schema that has this change. */
    private static int migration(String sql) throws IOException {
        newest++;
        Files.writeString(migrations.resolve("V" + newest + "__next.sql"), sql);
        return newest;
    }

    private int health(String group) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var uri = URI.create(second.managementUri() + "/actuator/health/" + group);
            return http.send(
                            HttpRequest.newBuilder(uri)
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            BodyHandlers.discarding())
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
