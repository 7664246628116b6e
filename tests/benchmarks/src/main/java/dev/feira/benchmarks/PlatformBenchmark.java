package dev.feira.benchmarks;

import dev.feira.local.Service;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Measures a build, started by its own {@code ./feira up}. Figures are start, memory, CPU time of an order and of a
 * product list, orders, the gateway beside the service, and the statements of an order.
 */
final class PlatformBenchmark {

    static final String PRODUCT_LIST = "/products?limit=24";

    /** Until garbage collectors and pools are idle; longer than the longest pause between two polls of a service (10 s). */
    static final int IDLE_SECONDS = 15;

    /** Clients while CPU time is measured: few, so that queues do not hide the cost of a request. */
    static final int CPU_CLIENTS = 2;

    /** Lines of an order whose CPU time and statements are measured. */
    static final int CPU_LINES = 1;

    static final int READS_PER_ORDER = 5;
    static final int COUNTED_ORDERS = 11;
    static final String START = "start, s";
    static final String START_CPU = "start, CPU s, all processes";
    static final String RATIO = "gateway, throughput ÷ service's";
    static final String ORDER_CPU = "order, CPU ms, ";
    static final String READ_CPU = "product list, CPU ms, ";
    static final String MEMORY = "memory %s, MiB %s, ";
    static final String ALL = "all processes";
    static final String TRANSACTIONS = "order, transactions in ";
    static final String STATEMENTS = "order, statements in ";

    private final BenchmarkContext context;
    private final Settings settings;
    private final Progress progress;
    private final int portOffset;

    PlatformBenchmark(BenchmarkContext context, int portOffset) {
        this.context = context;
        this.settings = context.settings();
        this.progress = context.progress();
        this.portOffset = portOffset;
    }

    /** Starts a build with an empty database, measures it once and stops it. */
    void measure(Workspace workspace, Measurements figures) throws IOException, InterruptedException, SQLException {
        try (var platform = ScriptedPlatform.start(workspace, progress, portOffset, "--fresh")) {
            figures.add(START, platform.startTime().toMillis() / 1000.0);
            figures.add(START_CPU, ProcessUsage.sum(usage(platform)).cpu() / 1000.0);
            progress.pause("Until it is idle", IDLE_SECONDS);
            memory("idle", usage(platform), figures);
            var shop = platform.shop();
            var orders = new OrderClient(shop.gateway(), shop.restock(progress));
            cpu(platform, orders, figures);
            orders(shop, orders, figures);
            gateway(platform, figures);
            progress.pause("Until it is idle", IDLE_SECONDS);
            memory("after the load", usage(platform), figures);
            statements(platform, orders, figures);
        }
    }

    private static Map<String, ProcessUsage> usage(ScriptedPlatform platform) {
        return ProcessUsage.of(platform.state());
    }

    private static void memory(String when, Map<String, ProcessUsage> usage, Measurements figures) {
        usage.forEach((name, process) -> figures.add(MEMORY.formatted(when, "PSS") + name, process.pss() / 1024.0));
        var sum = ProcessUsage.sum(usage);
        figures.add(MEMORY.formatted(when, "PSS") + ALL, sum.pss() / 1024.0);
        figures.add(MEMORY.formatted(when, "RSS") + ALL, sum.rss() / 1024.0);
    }

    private void cpu(ScriptedPlatform platform, OrderClient orders, Measurements figures) throws InterruptedException {
        var order = orders.order(platform.shop().customer(), CPU_LINES);
        try (var _ = progress.begin("CPU time of an order", () -> orders.confirmed() + " confirmed")) {
            LoadGenerator.repeat(CPU_CLIENTS, settings.warmUpOrders(), order);
            var before = usage(platform);
            LoadGenerator.repeat(CPU_CLIENTS, settings.orders(), order);
            addCpu(ORDER_CPU, before, usage(platform), settings.orders(), figures);
        }
        var target = platform.shop().gateway().resolve("/api" + PRODUCT_LIST);
        var reads = settings.orders() * READS_PER_ORDER;
        try (var _ = progress.begin("CPU time of a product list");
                var http = LoadGenerator.client()) {
            var read = LoadGenerator.get(http, target, null, Duration.ofSeconds(10));
            LoadGenerator.repeat(CPU_CLIENTS, reads, read); // warm-up
            var before = usage(platform);
            LoadGenerator.repeat(CPU_CLIENTS, reads, read).requireSuccess(target.toString());
            addCpu(READ_CPU, before, usage(platform), reads, figures);
        }
    }

    private static void addCpu(
            String what,
            Map<String, ProcessUsage> before,
            Map<String, ProcessUsage> after,
            int count,
            Measurements figures) {
        after.forEach((name, usage) -> {
            var used = usage.cpu() - (before.get(name) instanceof ProcessUsage earlier ? earlier.cpu() : 0);
            figures.add(what + name, used / (double) count);
        });
        var used = ProcessUsage.sum(after).cpu() - ProcessUsage.sum(before).cpu();
        figures.add(what + ALL, used / (double) count);
    }

    private void orders(Shop shop, OrderClient orders, Measurements figures) throws InterruptedException {
        var order = orders.order(shop.customer(), OrderClient.LINES);
        try (var _ = progress.begin("%,d orders".formatted(settings.orders()))) {
            LoadGenerator.repeat(settings.clients(), settings.warmUpOrders(), order);
            var result = LoadGenerator.repeat(settings.clients(), settings.orders(), order);
            figures.add("orders per second", result.perSecond());
            figures.add("order under that load, ms", result.milliseconds().median());
            figures.add(
                    "order under that load, 99 % within ms",
                    result.milliseconds().percentile(0.99));
        }
    }

    private void gateway(ScriptedPlatform platform, Measurements figures) throws InterruptedException {
        var through = platform.shop().gateway().resolve("/api" + PRODUCT_LIST);
        var service = platform.service(Service.CATALOG).resolve(PRODUCT_LIST);
        try (var _ = progress.begin("The gateway beside the service")) {
            read(through, settings.readers()); // warm-up
            var near = read(service, settings.readers()).perSecond();
            var far = read(through, settings.readers()).perSecond();
            figures.add("product lists per second, catalog-service alone", near);
            figures.add("product lists per second, through the gateway", far);
            figures.add(RATIO, far / near);
            var direct = read(service, 1).milliseconds().median();
            figures.add(
                    "gateway, latency added, ms",
                    read(through, 1).milliseconds().median() - direct);
        }
    }

    private LoadResult read(URI target, int clients) throws InterruptedException {
        return LoadGenerator.read(target, null, clients, settings.round());
    }

    /** Counts the transactions of single orders, without the polls that wrote nothing and run without orders too. */
    private void statements(ScriptedPlatform platform, OrderClient orders, Measurements figures)
            throws IOException, InterruptedException, SQLException {
        try (var superuser = platform.connectAsSuperuser();
                var log = new StatementLog(
                        superuser, Path.of(platform.part("postgres").log()))) {
            var start = log.position();
            progress.pause("Recording the statements that run without orders", IDLE_SECONDS);
            var background = log.since(start).stream()
                    .map(StatementLog.Transaction::statements)
                    .collect(Collectors.toSet());
            var counts = new Measurements();
            try (var _ = progress.begin("Counting the statements of %d single orders".formatted(COUNTED_ORDERS))) {
                var order = orders.order(platform.shop().customer(), CPU_LINES);
                for (var i = 0; i < COUNTED_ORDERS; i++) {
                    var position = log.position();
                    LoadGenerator.once(order);
                    Thread.sleep(1500); // work after the confirmation
                    log.since(position).stream()
                            .filter(transaction ->
                                    transaction.wrote() || !background.contains(transaction.statements()))
                            .collect(Collectors.groupingBy(StatementLog.Transaction::database))
                            .forEach((database, own) -> {
                                counts.add(TRANSACTIONS + database, own.size());
                                var statements = own.stream().mapToLong(StatementLog.Transaction::count);
                                counts.add(STATEMENTS + database, statements.sum());
                            });
                }
            }
            counts.figures()
                    .forEach(figure -> figures.add(figure, counts.get(figure).median()));
        }
    }

    /** Describes how the figures are measured. */
    static String method(Settings settings) {
        return """
            Medians of %d rounds, with the least and the most. In each round the build is started by its own `./feira up --fresh`
            with trained start-up caches, measured and stopped. The start ends with the line "Feira is ready"; its CPU time has
            the launcher's. CPU time is user and system time from `/proc/PID/stat`, PostgreSQL's with all backends, divided by
            the number of requests: %,d orders of %d line after %d warm-up orders, and %,d × `GET /api%s` after as many,
            %d clients in a closed loop each. Orders per second are measured with %d clients in a closed loop and orders of %d lines,
            each with a card token first; the time is from requesting the token to the confirmation. The product list is read by %d
            clients for %d s from the service, then through the gateway; the latency added is the difference of the medians
            of one client. Rate limits are enabled but out of reach. Memory is from `smaps_rollup`, %d s after the start and
            after the load: RSS counts a shared page in each process, PSS once.

            Transactions and statements are the median of %d single orders, from PostgreSQL's log. BEGIN and COMMIT do not
            count as statements; an autocommit statement counts as a transaction. A poll that writes nothing and runs without
            orders too does not count, nor does an empty statement by which a pool tests a connection.
            """.formatted(
                        settings.rounds(),
                        settings.orders(),
                        CPU_LINES,
                        settings.warmUpOrders(),
                        settings.orders() * READS_PER_ORDER,
                        PRODUCT_LIST,
                        CPU_CLIENTS,
                        settings.clients(),
                        OrderClient.LINES,
                        settings.readers(),
                        settings.round().toSeconds(),
                        IDLE_SECONDS,
                        COUNTED_ORDERS);
    }
}
