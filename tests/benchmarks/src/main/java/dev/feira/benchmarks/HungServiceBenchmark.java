package dev.feira.benchmarks;

import dev.feira.local.Service;
import dev.feira.local.client.Tokens;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures catalog reads while order-service hangs and other clients continue to read their orders. */
final class HungServiceBenchmark {

    private static final double SLOWDOWN_AIM = 1.2;
    private static final double RECOVERY_AIM = 5;
    private static final int CATALOG_CLIENTS = 2;

    /** Enough for their first requests, which all wait for the deadline, to open the circuit. */
    private static final int ORDER_CLIENTS = 12;

    /** Between two requests of a client for its orders: an open circuit responds at once, and must not add load. */
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private static final Duration POLL = Duration.ofMillis(100);

    /** Added to each round: until the circuit is open, and some time with it open. */
    private static final Duration UNTIL_OPEN = Duration.ofSeconds(8);

    /** Shorter than any deadline: order-service was not called. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    /** The gateway's deadline for orders (application.yaml there), and what the promise allows in addition. */
    private static final Duration DEADLINE = Duration.ofSeconds(5).plusMillis(100);

    private static final Duration RECOVERY_TIMEOUT = Duration.ofSeconds(60);
    private static final String CATALOG = "/api/products?limit=5";
    private static final String ORDERS = "/api/orders?limit=5";

    private final BenchmarkContext context;
    private final Report report;
    private final Progress progress;
    private final Settings settings;
    private final List<Double> before = new ArrayList<>();
    private final List<Double> ratios = new ArrayList<>();
    private final List<Double> longest = new ArrayList<>();
    private final List<Double> recoveries = new ArrayList<>();

    HungServiceBenchmark(BenchmarkContext context) {
        this.context = context;
        this.report = context.report();
        this.progress = context.progress();
        this.settings = context.settings();
    }

    void run() throws IOException, InterruptedException {
        try (var processors = Processors.split();
                var platform = context.start(context.options(), "Starting Feira for a service that hangs")) {
            processors.leaveToPlatform();
            var shop = BenchmarkContext.shop(platform);
            var catalog = platform.url().resolve(CATALOG);
            var orders = platform.url().resolve(ORDERS);
            try (var _ = progress.begin("Warm-up")) {
                measure(catalog, orders, shop.customer());
            }
            try (var _ = progress.begin("A service that hangs", () -> recoveries.size() + " rounds")) {
                for (var round = 0; round < settings.rounds(); round++) {
                    var customer = shop.customer();
                    before.add(Math.min(
                            slowestPercent(measure(catalog, orders, customer).catalog),
                            slowestPercent(LoadGenerator.read(catalog, null, CATALOG_CLIENTS, length()))));
                    platform.instances(Service.ORDER).forEach(platform::pause);
                    try {
                        hung(measure(catalog, orders, customer));
                    } finally {
                        platform.instances(Service.ORDER).forEach(platform::resume);
                    }
                    recoveries.add(recovery(orders, customer).toMillis() / 1000.0);
                }
            }
            report(processors.description());
        }
    }

    private Duration length() {
        return settings.round().plus(UNTIL_OPEN);
    }

    private record Round(LoadResult catalog, LoadResult orders) {}

    private static double slowestPercent(LoadResult result) {
        return result.milliseconds().percentile(0.99);
    }

    private Round measure(URI catalog, URI orders, Tokens customer) throws InterruptedException {
        try (var http = LoadGenerator.client();
                var owners = LoadGenerator.start(
                        ORDER_CLIENTS, INTERVAL, LoadGenerator.get(http, orders, customer, Duration.ofSeconds(15)))) {
            var reads = LoadGenerator.read(catalog, null, CATALOG_CLIENTS, length());
            return new Round(reads, owners.stop());
        }
    }

    private void hung(Round round) {
        if (round.orders.count(response -> response.isRejected() && response.nanos() < AT_ONCE.toNanos()) == 0) {
            throw new MeasurementFailed("The circuit to order-service did not open while it hung.");
        }
        if (round.orders.successes() > 0 || round.catalog.failures() > 0) {
            throw new MeasurementFailed(
                    "%d requests for orders succeeded and %d for products failed while order-service hung."
                            .formatted(round.orders.successes(), round.catalog.failures()));
        }
        ratios.add(slowestPercent(round.catalog) / before.getLast());
        longest.add(round.orders.responses().stream()
                .mapToDouble(response -> response.nanos() / 1e9)
                .max()
                .orElse(0));
    }

    private static Duration recovery(URI orders, Tokens customer) throws InterruptedException {
        var begin = System.nanoTime();
        try (var http = LoadGenerator.client()) {
            var call = LoadGenerator.get(http, orders, customer, Duration.ofSeconds(15));
            while (System.nanoTime() - begin < RECOVERY_TIMEOUT.toNanos()) {
                if (LoadGenerator.once(call).isSuccess()) {
                    return Duration.ofNanos(System.nanoTime() - begin);
                }
                Thread.sleep(POLL);
            }
        }
        throw new MeasurementFailed("Orders are not served again within " + RECOVERY_TIMEOUT.toSeconds() + " s.");
    }

    private void report(String processors) {
        var ratio = Figures.of(ratios);
        report.add(
                "order-service hangs, the catalog's slowest percent",
                ratio.withSpread("%.2f"),
                Report.aim("≤ 1.20", ratio.median() <= SLOWDOWN_AIM),
                "99th percentile of `GET %s` ÷ that of before (with the requests for orders or without, the lower), %s ms †. %d rounds of %d s in turn, %d clients in a closed loop. Meanwhile %d clients request their orders every %d ms and the circuit opens; %s"
                        .formatted(
                                CATALOG,
                                Figures.of(before).withSpread("%.1f"),
                                settings.rounds(),
                                length().toSeconds(),
                                CATALOG_CLIENTS,
                                ORDER_CLIENTS,
                                INTERVAL.toMillis(),
                                processors));
        var slowest = Figures.of(longest);
        report.add(
                "order-service hangs, longest wait for a response",
                slowest.withSpread("%.2f") + " s",
                Report.aim(
                        String.format(Locale.ROOT, "≤ %.1f s", DEADLINE.toMillis() / 1000.0),
                        slowest.most() <= DEADLINE.toMillis() / 1000.0),
                "`GET /api/orders`, the longest of each round: the gateway's deadline for orders, and 100 ms");
        var recovery = Figures.of(recoveries);
        report.add(
                "order-service hangs, orders served again",
                recovery.withSpread("%.1f") + " s",
                Report.aim("≤ 5 s", recovery.most() <= RECOVERY_AIM),
                "from the moment it continues, with an open circuit, polled every %d ms".formatted(POLL.toMillis()));
    }
}
