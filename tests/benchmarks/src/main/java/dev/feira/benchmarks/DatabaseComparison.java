package dev.feira.benchmarks;

import dev.feira.local.Platform;
import dev.feira.local.Secrets;
import dev.feira.local.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Orders per second beside what pgbench reaches with the statements of an order on the same server. The statements are
 * recorded while single orders are placed, orders are measured, the services are stopped, and pgbench runs the
 * statements of one database after the other.
 */
final class DatabaseComparison {

    static final int RECORDED_ORDERS = 5;

    /** Longer than the longest rest between two polls (10 s), so that each is seen. */
    private static final int IDLE_SECONDS = 15;

    /** PostgreSQL's connections report what they have counted after at most 10 s of rest. */
    private static final int STATISTICS_SECONDS = 12;

    private static final Duration WARM_UP = Duration.ofSeconds(3);

    private final Settings settings;
    private final Progress progress;
    private final Pgbench pgbench;
    private final Path scripts;

    /** @param scripts where pgbench looks for its scripts; they stay there */
    DatabaseComparison(Settings settings, Progress progress, Pgbench pgbench, Path scripts) {
        this.settings = settings;
        this.progress = progress;
        this.pgbench = pgbench;
        this.scripts = scripts;
    }

    /**
     * What was measured.
     *
     * @param feira orders per second through the gateway
     * @param pgbench orders per second, had pgbench to run the statements of all databases one after the other; of each
     *     round
     * @param databases by name
     * @param leftOut transactions of background work that were left out of the recorded order
     */
    record Result(double feira, Figures pgbench, Map<String, OfDatabase> databases, int leftOut) {

        double ratio() {
            return feira / pgbench.median();
        }
    }

    /**
     * One order's share of a database.
     *
     * @param perSecond how often pgbench runs it, of each round
     * @param rowsOfFeira inserted, updated or deleted for one order of the measured run
     * @param rowsOfPgbench the same for one run of the script: about as many, or it does something else
     */
    record OfDatabase(int transactions, int statements, Figures perSecond, double rowsOfFeira, double rowsOfPgbench) {}

    Result run(Workspace workspace) throws IOException, InterruptedException, SQLException {
        Files.createDirectories(scripts);
        try (var platform = Settings.start(workspace, progress, "Starting Feira with an empty database")) {
            return measure(platform);
        }
    }

    private Result measure(Platform platform) throws IOException, InterruptedException, SQLException {
        var shop = new Shop(platform.url(), platform.secrets().get(Secrets.DEMO_PASSWORD));
        var skus = shop.restock(progress);
        try (var orders = new OrderClient(shop.gateway(), skus, settings.clients())) {
            try (var _ = progress.begin("Warm-up orders", () -> orders.confirmed() + " confirmed")) {
                orders.place(shop.customer(), settings.warmUpOrders());
            }
            var recording = record(platform, orders, shop.customer());
            progress.pause("Waiting for the database's statistics", STATISTICS_SECONDS);
            var before = rows(platform);
            OrderClient.Outcome outcome;
            try (var _ = progress.begin(settings.orders() + " orders", () -> orders.confirmed() + " confirmed")) {
                outcome = orders.place(shop.customer(), settings.orders());
            }
            stopServices(platform);
            var rowsOfFeira = rows(platform);
            before.forEach((database, rows) -> rowsOfFeira.merge(database, -rows, Long::sum));
            return compare(platform, recording, skus, outcome.perSecond(), rowsOfFeira);
        }
    }

    private Recording record(Platform platform, OrderClient orders, Credentials customer)
            throws IOException, InterruptedException, SQLException {
        try (var superuser = platform.postgres().connectAsSuperuser("postgres");
                var log = new StatementLog(superuser, platform.postgres().logFile())) {
            progress.pause("Recording what runs without orders", IDLE_SECONDS);
            var idle = log.since(0);
            var recorded = new ArrayList<List<Transaction>>();
            try (var _ = progress.begin("Recording the statements of " + RECORDED_ORDERS + " single orders")) {
                for (var i = 0; i < RECORDED_ORDERS; i++) {
                    var position = log.position();
                    orders.placeOne(customer, 0);
                    Thread.sleep(1500); // what follows the confirmation
                    recorded.add(log.since(position));
                }
            }
            return Recording.of(idle, recorded);
        }
    }

    /** The saga would take pgbench's orders for its own. */
    private void stopServices(Platform platform) {
        try (var _ = progress.begin("Stopping the services; PostgreSQL stays")) {
            for (var instance : platform.instances()) {
                platform.stop(instance);
            }
        }
    }

    private Result compare(
            Platform platform, Recording recording, List<String> skus, double feira, Map<String, Long> rowsOfFeira)
            throws IOException, SQLException {
        var parts = recording.byDatabase();
        for (var part : parts.entrySet()) {
            try (var connection = platform.postgres().connect(service(part.getKey()))) {
                var script = new PgbenchScript(
                        recording, skus.subList(0, OrderClient.LINES), skus, sql -> parameterTypes(connection, sql));
                Files.writeString(scripts.resolve(file(part.getKey())), script.of(part.getValue()));
            }
        }

        var before = rows(platform);
        var runs = new LinkedHashMap<String, List<Pgbench.Run>>();
        var executed = new HashMap<String, Long>();
        try (var _ = progress.begin("pgbench, warm-up")) {
            for (var database : parts.keySet()) {
                runs.put(database, new ArrayList<>());
                executed.put(database, run(platform, database, WARM_UP).scripts());
            }
        }
        var combined = new ArrayList<Double>();
        try (var _ = progress.begin("pgbench with the same statements", () -> combined.size() + " rounds")) {
            for (var round = 0; round < settings.rounds(); round++) {
                var seconds = 0.0;
                for (var database : parts.keySet()) {
                    var run = run(platform, database, settings.round());
                    runs.getOrDefault(database, List.of()).add(run);
                    executed.merge(database, run.scripts(), Long::sum);
                    seconds += 1 / run.perSecond();
                }
                combined.add(1 / seconds);
            }
        }
        var after = rows(platform);

        var databases = new LinkedHashMap<String, OfDatabase>();
        parts.forEach((database, transactions) -> databases.put(
                database,
                new OfDatabase(
                        transactions.size(),
                        transactions.stream()
                                .mapToInt(
                                        transaction -> transaction.statements().size())
                                .sum(),
                        Figures.of(runs.getOrDefault(database, List.of()).stream()
                                .map(Pgbench.Run::perSecond)
                                .toList()),
                        rowsOfFeira.getOrDefault(database, 0L) / (double) settings.orders(),
                        (after.getOrDefault(database, 0L) - before.getOrDefault(database, 0L))
                                / (double) executed.getOrDefault(database, 0L))));
        return new Result(feira, Figures.of(combined), databases, recording.leftOut());
    }

    private Pgbench.Run run(Platform platform, String database, Duration length) {
        var password = platform.secrets().get("FEIRA_DB_PASSWORD_" + database.toUpperCase(Locale.ROOT));
        return pgbench.run(
                new Pgbench.Database(platform.postgres().port(), database, password),
                file(database),
                settings.clients(),
                length);
    }

    private static String file(String database) {
        return database + ".sql";
    }

    private static Service service(String database) {
        return Arrays.stream(Service.values())
                .filter(service -> service.database().equals(database))
                .findFirst()
                .orElseThrow(() -> new MeasurementFailed("No service has the database " + database + "."));
    }

    /** What the server itself finds out about a statement; nothing where only the driver knew. */
    private static List<String> parameterTypes(Connection connection, String sql) {
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("PREPARE benchmark AS " + sql);
            try (var rows = statement.executeQuery(
                    "SELECT unnest(parameter_types)::text FROM pg_prepared_statements" + " WHERE name = 'benchmark'")) {
                var types = new ArrayList<String>();
                while (rows.next()) {
                    types.add(rows.getString(1));
                }
                return types;
            } finally {
                statement.execute("DEALLOCATE benchmark");
            }
        } catch (SQLException e) {
            return List.of();
        }
    }

    /** Rows inserted, updated and deleted so far in the tables of each database. */
    private static Map<String, Long> rows(Platform platform) throws SQLException {
        var all = new HashMap<String, Long>();
        for (var service : Service.values()) {
            try (var connection = platform.postgres().connect(service);
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery(
                            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables")) {
                rows.next();
                all.put(service.database(), rows.getLong(1));
            }
        }
        return all;
    }
}
