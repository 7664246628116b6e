package dev.feira.benchmarks;

import dev.feira.local.Secrets;
import dev.feira.local.Service;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs the measurements and says beside each figure how it came about. */
final class BenchmarkSuite {

    private static final double START_AIM = 25;
    private static final long MEMORY_AIM = 1536;
    private static final double GATEWAY_AIM = 0.28;
    private static final double DATABASE_AIM = 0.35;
    private static final long IMAGE_AIM = 120;
    private static final double GOODPUT_AIM = 0.9;
    private static final double CHECKOUT_AIM = 99.4;
    private static final double RECOVERY_AIM = 10;
    private static final double NEIGHBOUR_AIM = 1.2;
    private static final double HEALING_AIM = 5;

    /** Until collectors and pools have come to rest. */
    private static final int SETTLE_SECONDS = 15;

    private static final String PAGE = "/products?limit=24";

    private final Workspace workspace;
    private final Settings settings;
    private final Progress progress;
    private final List<Row> rows = new ArrayList<>();
    private final Report details = new Report();

    BenchmarkSuite(Workspace workspace, Settings settings, Progress progress) {
        this.workspace = workspace;
        this.settings = settings;
        this.progress = progress;
    }

    /** All that was measured. */
    Report report(String introduction, Map<String, String> machine) {
        var report = new Report();
        report.paragraph(introduction);
        report.table(pairs("machine", "", machine));
        if (!rows.isEmpty()) {
            report.chapter("Figures");
            var table = new ArrayList<List<String>>();
            table.add(Report.row("what", "reached", "aim", "method"));
            rows.forEach(row -> table.add(Report.row(row.what(), row.reached(), row.aim(), row.method())));
            report.table(table);
        }
        report.append(details);
        return report;
    }

    // --- The platform that ./feira up starts ------------------------------------------------------------------------

    /**
     * Starts, memory, orders and the gateway.
     *
     * @param starts with caches, of each kind
     * @param first whether to measure a start without any cache before
     */
    void platform(int starts, boolean first, int portOffset) throws IOException, InterruptedException {
        var method = "from the start of the script to its line \"Feira is ready\", files in the system's cache";
        if (first) {
            try (var platform = start(portOffset, "--fresh")) {
                startRow(
                        "start, first after a build",
                        List.of(platform.startTime()),
                        "`./feira up`, jars not unpacked, no start-up caches, no database; " + method);
            }
        }
        workspace.run(progress, "train");
        var fresh = new ArrayList<Duration>();
        for (var i = 0; i < starts; i++) {
            try (var platform = start(portOffset, "--fresh")) {
                fresh.add(platform.startTime());
            }
        }
        startRow(
                "start, empty database",
                fresh,
                "`./feira up --fresh`, with start-up caches; median of %d; %s".formatted(starts, method));
        var kept = new ArrayList<Duration>();
        for (var i = 1; i < starts; i++) {
            try (var platform = start(portOffset)) {
                kept.add(platform.startTime());
            }
        }
        try (var platform = start(portOffset)) {
            kept.add(platform.startTime());
            startRow(
                    "start, data kept",
                    kept,
                    "`./feira up`, with start-up caches; median of %d; %s".formatted(starts, method));
            running(platform);
        }
    }

    private ScriptedPlatform start(int portOffset, String... more) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of("--no-training", "--port-offset", String.valueOf(portOffset)));
        arguments.addAll(List.of(more));
        return ScriptedPlatform.start(workspace, progress, Settings.WIDE_LIMITS, arguments.toArray(String[]::new));
    }

    private void startRow(String what, List<Duration> times, String method) {
        var figures =
                Figures.of(times.stream().map(time -> time.toMillis() / 1000.0).toList());
        add(Row.absolute(
                what, figures.withSpread("%.1f") + " s", Row.aim("≤ 25 s", figures.median() <= START_AIM), method));
    }

    private void running(ScriptedPlatform platform) throws IOException, InterruptedException {
        progress.pause("Letting it come to rest", SETTLE_SECONDS);
        var idle = memory(platform, "idle", SETTLE_SECONDS + " s after the start");
        var processes = JavaProcess.of(platform.state());

        var shop = new Shop(platform.url(), workspace.secrets().get(Secrets.DEMO_PASSWORD));
        var skus = shop.restock(progress);
        orders(shop, skus);
        progress.pause("Letting it come to rest", SETTLE_SECONDS);
        var loaded = memory(
                platform,
                "after %,d orders".formatted(settings.orders()),
                "%d s after the last of them; %d more were the warm-up"
                        .formatted(SETTLE_SECONDS, settings.warmUpOrders()));
        gateway(platform);

        memoryTable(idle, loaded);
        processTable(processes);
    }

    private Map<String, Memory> memory(ScriptedPlatform platform, String when, String method) {
        if (!Memory.isKnownHere()) {
            add(new Row("memory, " + when, "not measured: needs Linux", "", ""));
            return Map.of();
        }
        var parts = Memory.of(platform.state());
        var sum = Memory.sum(parts);
        add(Row.absolute(
                "memory, " + when,
                "%d MiB PSS, %d MiB RSS".formatted(sum.pssMegabytes(), sum.rssMegabytes()),
                Row.aim("≤ 1536 MiB", sum.pssMegabytes() <= MEMORY_AIM)
                        + (sum.rssMegabytes() <= MEMORY_AIM ? ", by RSS too" : ", by RSS missed"),
                "all %d processes of `./feira up`, %s; RSS counts a shared page in each process, PSS once"
                        .formatted(sum.processes(), method)));
        return parts;
    }

    private void memoryTable(Map<String, Memory> idle, Map<String, Memory> loaded) {
        if (idle.isEmpty()) {
            return;
        }
        details.chapter("Memory of every process †");
        var table = new ArrayList<List<String>>();
        table.add(Report.row("process", "idle, RSS", "idle, PSS", "after the orders, RSS", "after the orders, PSS"));
        var all = new LinkedHashMap<>(loaded);
        all.put("**all**", Memory.sum(loaded));
        all.forEach((name, after) -> {
            var before = name.equals("**all**") ? Memory.sum(idle) : idle.getOrDefault(name, new Memory(0, 0, 0));
            table.add(Report.row(
                    name.equals("postgres")
                            ? "postgres, %d processes, then %d".formatted(before.processes(), after.processes())
                            : name,
                    before.rssMegabytes() + " MiB",
                    before.pssMegabytes() + " MiB",
                    after.rssMegabytes() + " MiB",
                    after.pssMegabytes() + " MiB"));
        });
        details.table(table);
        details.paragraph("""
                By `smaps_rollup` of each process. The launcher is what `./feira up` becomes; the guard is a shell that ends the rest
                should the launcher be killed. PostgreSQL's RSS counts its shared buffers once for each of its processes.
                """);
    }

    private void processTable(Map<String, JavaProcess> processes) {
        if (processes.isEmpty()) {
            return;
        }
        var services = new LinkedHashMap<>(processes);
        services.remove("launcher");
        var common = JavaProcess.common(services);
        details.chapter("JVMs");
        var table = new ArrayList<List<String>>();
        table.add(Report.row("process", "start-up cache in use", "flags of its own"));
        processes.forEach((name, process) ->
                table.add(Report.row(name, process.startUpCache() ? "yes" : "no", "`" + process.own(common) + "`")));
        details.table(table);
        details.paragraph("Read from the running processes; the services all have `" + String.join(" ", common) + "`.");
    }

    private void orders(Shop shop, List<String> skus) throws InterruptedException {
        try (var orders = new OrderClient(shop.gateway(), skus, settings.clients())) {
            try (var _ = progress.begin("Warm-up orders", () -> orders.confirmed() + " confirmed")) {
                orders.place(shop.customer(), settings.warmUpOrders());
            }
            OrderClient.Outcome outcome;
            try (var _ = progress.begin(
                    "%,d orders".formatted(settings.orders()),
                    () -> orders.confirmed() - settings.warmUpOrders() + " confirmed")) {
                outcome = orders.place(shop.customer(), settings.orders());
            }
            add(Row.absolute(
                    "orders, placed to confirmed",
                    decimal("%.1f per second", outcome.perSecond()),
                    "",
                    "%,d of %d lines, all confirmed; %d buyers in a closed loop through the gateway, each order with a card token first; after %d uncounted ones"
                            .formatted(
                                    outcome.latencies().count(),
                                    OrderClient.LINES,
                                    settings.clients(),
                                    settings.warmUpOrders())));
            add(Row.absolute(
                    "one order under that load",
                    decimal("%.0f ms", outcome.latencies().percentile(0.5))
                            + decimal(
                                    ", 99 %% within %.0f ms",
                                    outcome.latencies().percentile(0.99)),
                    "",
                    "median; from asking for the card token to knowing that the order is confirmed"));
        }
    }

    /** Rounds in turn, direct and through the gateway, so that a change of the machine's speed meets both. */
    private void gateway(ScriptedPlatform platform) throws InterruptedException {
        var through = platform.url().resolve("/api" + PAGE);
        var port = platform.state().parts().stream()
                .filter(part -> part.name().equals(Service.CATALOG.module()))
                .findFirst()
                .orElseThrow()
                .port();
        var service = URI.create("http://127.0.0.1:" + port + PAGE);
        var length = settings.round();
        var ratios = new ArrayList<Double>();
        var added = new ArrayList<Double>();
        var direct = new ArrayList<Double>();
        long failures = 0;
        try (var _ = progress.begin("The gateway beside the service", () -> ratios.size() + " rounds")) {
            load(through, settings.readers(), length); // warm-up, not counted
            load(service, settings.readers(), length);
            for (int i = 0; i < settings.rounds(); i++) {
                var near = load(service, settings.readers(), length);
                var far = load(through, settings.readers(), length);
                ratios.add(far.perSecond() / near.perSecond());
                failures += near.failures() + far.failures();
                var one = load(service, 1, length).latencies().percentile(0.5);
                added.add(load(through, 1, length).latencies().percentile(0.5) - one);
                direct.add(one);
            }
        }
        var ratio = Figures.of(ratios);
        add(new Row(
                "gateway, throughput beside the service's",
                ratio.withSpread("%.2f") + (failures == 0 ? "" : ", " + failures + " failures"),
                Row.aim("≥ 0.28", ratio.median() >= GATEWAY_AIM),
                "`GET %s`, %d pairs of %d s in turns, %d clients in a closed loop on the same machine, median; rate limits out of reach but counted"
                        .formatted(PAGE, settings.rounds(), length.toSeconds(), settings.readers())));
        add(Row.absolute(
                "gateway, latency added",
                Figures.of(added).withSpread("%.2f") + " ms",
                "",
                decimal(
                        "one client; median of the pairs' differences; the service alone answers in %.2f ms",
                        Figures.of(direct).median())));
    }

    private static LoadGenerator.Round load(URI target, int clients, Duration length) throws InterruptedException {
        return LoadGenerator.get(target, Map.of(), clients, length);
    }

    // --- The database -----------------------------------------------------------------------------------------------

    /** Orders per second beside pgbench. */
    void database(Path scripts) throws IOException, InterruptedException, SQLException {
        var found = Pgbench.find(scripts);
        if (found.isEmpty()) {
            add(new Row(
                    "orders beside pgbench",
                    "not measured: no pgbench",
                    "≥ 0.35",
                    "it is neither in the PATH nor in /usr/lib/postgresql, and there is no Docker image postgres:18"));
            return;
        }
        var pgbench = found.get();
        var result = new DatabaseComparison(settings, progress, pgbench, scripts).run(workspace);
        add(new Row(
                "orders, beside pgbench with their statements",
                decimal("%.2f", result.ratio()),
                Row.aim("≥ 0.35", result.ratio() >= DATABASE_AIM),
                decimal("%.1f orders per second", result.feira())
                        + " beside "
                        + result.pgbench().withSpread("%.1f")
                        + ", on the same server one after the other; see below"));

        details.chapter("Orders beside pgbench");
        details.paragraph("""
                What a shop of nothing but SQL could reach. On a platform with an empty database, after %d warm-up orders and an idle
                quarter of a minute, PostgreSQL logged (`log_min_duration_statement = 0`, with parameters) every statement of %s
                single orders; the one with the fewest was taken. Polls that found nothing, which run without orders too, were left out
                (%d transactions). Then %,d orders were placed and counted, the services stopped, and `%s` ran the
                statements on the same server, with %d connections as well, prepared, with the recorded transactions' limits, %d rounds of
                %d s for each database after 3 s of warm-up. Each run of a script is a new order: its identifiers are a hash of the recorded
                ones and a random number, its goods are %d neighbours at a random place of the same list as in the orders
                before, its times are now. A database that is not in the table was not asked. The databases share the machine, so pgbench's orders per second are 1 ÷ the sum of 1 ÷ tps of each.
                """.formatted(
                        settings.warmUpOrders(),
                        DatabaseComparison.RECORDED_ORDERS,
                        result.leftOut(),
                        settings.orders(),
                        pgbench.version(),
                        settings.clients(),
                        settings.rounds(),
                        settings.round().toSeconds(),
                        OrderClient.LINES));
        var table = new ArrayList<List<String>>();
        table.add(Report.row(
                "database",
                "transactions of one order",
                "statements",
                "rows written by Feira",
                "rows written by pgbench",
                "pgbench, orders per second †"));
        result.databases()
                .forEach((name, database) -> table.add(Report.row(
                        name,
                        String.valueOf(database.transactions()),
                        String.valueOf(database.statements()),
                        decimal("%.1f", database.rowsOfFeira()),
                        decimal("%.1f", database.rowsOfPgbench()),
                        database.perSecond().withSpread("%.0f"))));
        details.table(table);
        details.paragraph("""
                The rows written for one order are counted by PostgreSQL (`pg_stat_user_tables`) in both measurements: about the same
                number says that both did the same. The scripts that were run are in `tests/benchmarks/target/pgbench`.
                """);
    }

    // --- The cost of safety -----------------------------------------------------------------------------------------

    /** The same with and without each guard that can be switched. */
    void safety() throws IOException, InterruptedException, SQLException {
        List<GuardCostBenchmark.Cost> costs;
        try (var safety = new GuardCostBenchmark(settings, progress)) {
            costs = safety.run(workspace);
        }
        details.chapter("The cost of safety");
        var table = new ArrayList<List<String>>();
        table.add(Report.row(
                "guard",
                "taken away by",
                "orders per second, with ÷ without",
                "the same †",
                "reading through the gateway, with ÷ without",
                "ms added †"));
        for (var cost : costs) {
            var reads = !cost.latency().with().isEmpty();
            table.add(Report.row(
                    cost.guard(),
                    cost.switchedOffBy(),
                    cost.orders().ratios().withSpread("%.2f"),
                    decimal("%.1f", Figures.of(cost.orders().with()).median())
                            + decimal(
                                    " ÷ %.1f",
                                    Figures.of(cost.orders().without()).median()),
                    reads ? cost.latency().ratios().withSpread("%.2f") : "not on its way",
                    reads ? cost.latency().differences().withSpread("%.2f") : ""));
        }
        details.table(table);
        details.paragraph("""
                On one platform with two gateways, the second one without limits: %d pairs of rounds for each guard, with and without it
                in turns, %d s of orders by %d buyers and half as long one client that reads one product; medians, and the least
                and the most of the pairs. 1.00 costs nothing; the first row, where nothing is taken away, says how far a figure may be off. What
                cannot be switched while it runs is in every figure: idempotency keys, the saga's durable steps, reservation by one
                conditional statement, time limits, retries and bulkheads, checks of tokens and owners.
                """.formatted(settings.rounds(), settings.round().toSeconds(), settings.clients()));
    }

    // --- OverloadBenchmark ---------------------------------------------------------------------------------------------------

    /** Three times what the platform can serve. */
    void overload() throws IOException, InterruptedException {
        var result = new OverloadBenchmark(settings, progress).run(workspace, "/api" + PAGE);
        var answers = result.answers();
        add(new Row(
                "overload, useful answers beside the peak",
                result.goodput().withSpread("%.2f"),
                Row.aim("≥ 0.90", result.goodput().median() >= GOODPUT_AIM),
                "`GET %s`, %d times the peak of %s a second †, sent without waiting for answers, %d rounds of %d s, each between two such ones at the peak, with %d clients who wait; useful: within %d s, and before the round's end; the services with compilers and heap as in their images; %s"
                        .formatted(
                                "/api" + PAGE,
                                OverloadBenchmark.TIMES,
                                result.peak().withSpread("%.0f"),
                                settings.rounds(),
                                settings.round().toSeconds(),
                                Settings.PLACES,
                                OverloadBenchmark.USEFUL.toSeconds(),
                                result.processors())));
        add(new Row(
                "overload, what became of the rest",
                decimal("%.1f %% shed", 100.0 * answers.shed.sum() / answers.offered.sum())
                        + decimal(
                                ", %.1f %% unanswered or failed", 100.0 * answers.failed.sum() / answers.offered.sum())
                        + decimal(", %.1f %% late", 100.0 * answers.late.sum() / answers.offered.sum()),
                "",
                "of %,d requests; shed: 429 or 503, %s"
                        .formatted(
                                answers.offered.sum(),
                                answers.shedWithoutAdvice.sum() == 0
                                        ? "none without `Retry-After`"
                                        : answers.shedWithoutAdvice.sum() + " without `Retry-After`")));
        var share = 100.0 * result.confirmed() / result.ordered();
        add(new Row(
                "overload, orders confirmed meanwhile",
                decimal("%.1f %%", share)
                        + ", %d of %d".formatted(result.confirmed(), result.ordered())
                        + decimal(", %.1f s", result.took().percentile(0.5) / 1000)
                        + decimal(" each, the slowest %.1f s", result.took().percentile(1) / 1000),
                Row.aim("≥ 99.4 %", share >= CHECKOUT_AIM),
                "%d buyers beside the flood, an order each %d s or as soon as the one before is through, each order once; median, from asking for the card token"
                        .formatted(OverloadBenchmark.BUYERS, OverloadBenchmark.EVERY.toSeconds())));
        result.reasons()
                .forEach((reason, count) -> progress.say("Not confirmed, %d times: %s".formatted(count, reason)));
        add(Row.absolute(
                "overload, back to normal",
                result.recoveries().withSpread("%.1f") + " s",
                Row.aim("≤ 10 s", result.recoveries().most() <= RECOVERY_AIM),
                "from the last request's answer until %d answers in a row have a median of at most twice that of before"
                        .formatted(OverloadBenchmark.CALM)));
    }

    // --- Outage -----------------------------------------------------------------------------------------------------

    /** The catalog while order-service hangs. */
    void outage() throws IOException, InterruptedException {
        var result = new HungServiceBenchmark(settings, progress).run(workspace);
        add(new Row(
                "order-service hangs, the catalog's slowest percent",
                result.ratios().withSpread("%.2f"),
                Row.aim("≤ 1.20", result.ratios().median() <= NEIGHBOUR_AIM),
                "99th percentile of `GET /api/products?limit=5` beside that of before (with others who ask for their orders or without, the quicker), %s ms †; %d rounds of %d s in turns, %d readers in a closed loop, %d people who ask for their orders, %d ms after each answer, meanwhile: the circuit opens; %s"
                        .formatted(
                                result.before().withSpread("%.1f"),
                                settings.rounds(),
                                settings.round().plus(HungServiceBenchmark.UNTIL_OPEN).toSeconds(),
                                HungServiceBenchmark.READERS,
                                HungServiceBenchmark.OWNERS,
                                HungServiceBenchmark.BETWEEN.toMillis(),
                                result.processors())));
        add(
                new Row(
                        "order-service hangs, longest wait for an answer",
                        result.longest().withSpread("%.2f") + " s",
                        Row.aim(
                                decimal("≤ %.1f s", HungServiceBenchmark.LATEST.toMillis() / 1000.0),
                                result.longest().most() <= HungServiceBenchmark.LATEST.toMillis() / 1000.0),
                        "`GET /api/orders`, the longest of each round: the gateway's deadline for what is about orders, and 100 ms"));
        add(new Row(
                "order-service hangs, orders served again",
                result.healed().withSpread("%.1f") + " s",
                Row.aim("≤ 5 s", result.healed().most() <= HEALING_AIM),
                "from the moment it goes on, the circuit being open, asked every %d ms"
                        .formatted(HungServiceBenchmark.POLL.toMillis())));
    }

    // --- Images -----------------------------------------------------------------------------------------------------

    /** What {@code ./feira images} left. */
    void images(Path project) throws IOException, InterruptedException {
        var images = new Images();
        for (var service : Service.values()) {
            try (var _ = progress.begin("The image of " + service.module())) {
                var size = images.of(project.resolve(service.module()));
                if (size.isEmpty()) {
                    add(new Row("image, " + service.module(), "not built: `./feira images`", "≤ 120 MB", ""));
                    continue;
                }
                var compressed = Images.megabytes(size.get().compressed());
                var uncompressed = size.get().uncompressed();
                add(new Row(
                        "image, " + service.module(),
                        compressed + " MB compressed"
                                + (uncompressed == null ? "" : ", " + Images.megabytes(uncompressed) + " MB on disk"),
                        Row.aim("≤ 120 MB", compressed <= IMAGE_AIM),
                        size.get().source() + (size.get().hasStartUpCache() ? ", with" : ", without")
                                + " its start-up cache"));
            }
        }
    }

    private void add(Row row) {
        rows.add(row);
        progress.say(row.toTerminal());
    }

    private static String decimal(String format, double figure) {
        return String.format(Locale.ROOT, format, figure);
    }

    private static List<List<String>> pairs(String first, String second, Map<String, String> values) {
        var table = new ArrayList<List<String>>();
        table.add(Report.row(first, second));
        values.forEach((name, value) -> table.add(Report.row(name, value)));
        return table;
    }
}
