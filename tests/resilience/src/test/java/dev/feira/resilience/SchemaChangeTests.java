package dev.feira.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feira.acceptance.AcceptanceTest;
import dev.feira.acceptance.Http;
import dev.feira.acceptance.TestPlatform;
import dev.feira.acceptance.TestUser;
import dev.feira.local.Instance;
import dev.feira.local.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
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
 * Changes the schema of order-service under {@link Load}: expand and contract, docs/operations.md. The next version is the
 * same service with one more migration, numbered far above the existing ones.
 */
@AcceptanceTest
class SchemaChangeTests {

    /** Longer than the statement timeout (10 s) and the lock timeout of the pool. */
    private static final Duration SLOW = Duration.ofSeconds(12);

    /** Shared by all tests: each continues with the schema of the previous one. */
    private static int newestVersion = 9000;

    @TempDir
    private static Path migrations;

    /** Long enough for one more request of each client. */
    private static final String DRAIN = "2s";

    /** Replicas with changed environment variables. */
    private static final Set<Instance> changed = ConcurrentHashMap.newKeySet();

    private Instance first;
    private Instance second;

    @BeforeEach
    void findReplicas() {
        var replicas = TestPlatform.embedded().instances(Service.ORDER);
        assumeTrue(replicas.size() > 1, "This test needs two replicas of order-service; -Dfeira.toxiproxy starts one");
        first = replicas.getFirst();
        second = replicas.getLast();
    }

    /** Restores the tested version, which must run with the schema of the next one. */
    @AfterEach
    void restoreVersion() {
        inParallel(Set.copyOf(changed), replica -> restart(replica, Map.of()));
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

    /** Restarts with this version, and with the drain before a stop that a cluster configures. */
    private static void rollBack(Instance replica) {
        restart(replica, Map.of("FEIRA_DRAIN", DRAIN));
    }

    private static void restart(Instance replica, Map<String, String> variables) {
        changed.add(replica);
        TestPlatform.embedded().restart(replica, variables);
    }

    private static void inParallel(Set<Instance> replicas, Consumer<Instance> change) {
        CompletableFuture.allOf(replicas.stream()
                        .map(replica -> CompletableFuture.runAsync(
                                () -> change.accept(replica),
                                task -> Thread.ofVirtual().start(task)))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    @Test
    void servesWithBothVersionsAndAfterARollback() throws Exception {
        // The slow statement comes first, then the strongest lock: docs/operations.md, "Changing the schema"
        var expanded = addMigration("""
                select pg_sleep(4);
                set local lock_timeout = '300ms';
                alter table orders add column gift_note text not null default '';
                create table gift_wraps (order_id uuid primary key references orders, note text not null);
                """);

        rollBack(second);

        int contracted;
        Load load;
        try (var running = Load.started()) {
            load = running;
            awaitOrders(load);
            update(second);
            awaitOrders(load);
            rollBack(second);
            awaitOrders(load);
            // No running version uses these columns; prepared statements must keep working
            contracted = addMigration("""
                    set local lock_timeout = '300ms';
                    alter table orders drop column gift_note;
                    drop table gift_wraps;
                    """);
            update(second);
            awaitOrders(load);
            rollBack(second);
            awaitOrders(load);
        }

        // Stopping processes may fail a few requests here; RolloutTests covers it with a preStop hook
        assertThat(load.failures())
                .as("of %d requests", load.successes())
                .allMatch(failure -> failure.message().contains("urn:feira:problem:service-unavailable"))
                .hasSizeLessThan(5);
        assertThat(load.contradictions()).isEmpty();
        assertThat(timesApplied(expanded)).isEqualTo(1);
        assertThat(timesApplied(contracted)).isEqualTo(1);
    }

    @Test
    void migratesOnceWhenReplicasStartTogether() throws Exception {
        var version = addMigration("""
                create table migrated (at timestamptz not null default now());
                select pg_sleep(1);
                insert into migrated default values;
                """);

        inParallel(Set.of(first, second), SchemaChangeTests::update);

        assertThat(timesApplied(version)).isEqualTo(1);
        assertThat(count("select count(*) from migrated")).isEqualTo(1);
    }

    @Test
    void staysAliveAndUnreadyDuringASlowMigration() throws Exception {
        var customer = TestUser.registered();
        // Closing the connection releases the lock, so that the waiting start ends
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var lockHolder = TestPlatform.embedded().postgres().connect(Service.ORDER);
                var statement = lockHolder.createStatement()) {
            statement.execute("create table slow_gate (id int)");
            lockHolder.setAutoCommit(false);
            statement.execute("lock table slow_gate in access exclusive mode");
            var version = addMigration("select count(*) from slow_gate; create index on orders (version)");

            var start = threads.submit(() -> update(second));
            await("the migration waits for the lock")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> count(
                                    "select count(*) from pg_locks where not granted and relation = 'slow_gate'::regclass")
                            > 0);
            await("liveness during the migration")
                    .atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .until(() -> health("liveness") == 200);
            var process = second.pid();
            await("alive and not ready during the whole migration")
                    .atMost(SLOW.plusMinutes(1))
                    .during(SLOW)
                    .until(() -> health("liveness") == 200 && health("readiness") == 503);
            customer.get("/api/orders").expect(200); // the other replica
            assertThat(start.isDone()).isFalse();

            lockHolder.commit();
            start.get();
            assertThat(second.pid()).isEqualTo(process);
            assertThat(timesApplied(version)).isEqualTo(1);
        }
    }

    private static void awaitOrders(Load load) {
        var before = load.orders();
        await("ten more orders").atMost(Duration.ofMinutes(1)).until(() -> load.orders() > before + 10);
    }

    /** Adds a migration and returns its version. */
    private static int addMigration(String sql) throws IOException {
        newestVersion++;
        Files.writeString(migrations.resolve("V" + newestVersion + "__next.sql"), sql);
        return newestVersion;
    }

    private int health(String group) {
        var uri = URI.create(second.managementUri() + "/actuator/health/" + group);
        return Http.send(HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(5))
                        .build())
                .status();
    }

    private static int timesApplied(int version) throws SQLException {
        return count("select count(*) from flyway_schema_history where success and version = '" + version + "'");
    }

    private static int count(String query) throws SQLException {
        try (var connection = TestPlatform.embedded().postgres().connect(Service.ORDER);
                var rows = connection.createStatement().executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
