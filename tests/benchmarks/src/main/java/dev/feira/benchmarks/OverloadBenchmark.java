package dev.feira.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Sends three times the load that the platform can serve, without waiting for responses, beside a few clients that
 * order. Measures the share of the peak that is served, the orders, the rejections, and the time to recover.
 */
final class OverloadBenchmark {

    private static final double GOODPUT_AIM = 0.9;
    private static final double CHECKOUT_AIM = 99.4;
    private static final double RECOVERY_AIM = 10;

    /** The overload as a multiple of the peak. */
    private static final int TIMES = 3;

    private static final int ORDER_CLIENTS = 2;

    /** Each of them orders at this interval, at the peak and in overload, so that both have the same other work. */
    private static final Duration ORDER_INTERVAL = Duration.ofSeconds(1);

    /** A growth of the peak above this is more than the noise of a round. */
    private static final double WARM = 1.03;

    private static final int STABLE_WARM_UPS = 3;
    private static final int WARM_UPS = 20;
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    /** A later response does not count. */
    private static final Duration USEFUL = Duration.ofSeconds(2);

    /** Recovered: so many successful responses in a row, with a median of at most twice that of before. */
    private static final int RECOVERED = 20;

    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(60);
    private static final String PAGE = "/api" + PlatformBenchmark.PRODUCT_LIST;

    private final BenchmarkContext context;
    private final Report report;
    private final Progress progress;
    private final Settings settings;
    private final List<Double> peaks = new ArrayList<>();
    private final List<Double> goodput = new ArrayList<>();
    private final List<Double> recoveries = new ArrayList<>();
    private final List<LoadResult.Response> flood = new ArrayList<>();
    private final List<LoadResult.Response> ordered = new ArrayList<>();

    OverloadBenchmark(BenchmarkContext context) {
        this.context = context;
        this.report = context.report();
        this.progress = context.progress();
        this.settings = context.settings();
    }

    void run() throws IOException, InterruptedException {
        try (var processors = Processors.split();
                var platform = context.start(context.optionsOfImages(), "Starting Feira for overload")) {
            processors.leaveToPlatform();
            var shop = BenchmarkContext.shop(platform);
            var skus = shop.restock(progress);
            var target = LoadGenerator.loopback(platform.url().resolve(PAGE));
            var orders = new OrderClient(shop.gateway(), skus);
            try (var _ = progress.begin("Warm-up")) {
                warmUp(orders.orderOrFail(shop.customer()), target);
            }
            measure(shop, orders, target);
            report(processors.description());
        }
    }

    /**
     * Repeats peak and overload until the peak is stable: the compilers are idle then. Rejections and orders need
     * compilation as well; failures of a cold platform do not count.
     */
    private void warmUp(LoadGenerator.Call order, URI target) throws InterruptedException {
        var most = 0.0;
        var stable = 0;
        for (var i = 0; i < WARM_UPS && stable < STABLE_WARM_UPS; i++) {
            try (var orders = LoadGenerator.start(ORDER_CLIENTS, ORDER_INTERVAL, order)) {
                var peak = LoadGenerator.read(target, null, Settings.BROWSING_LIMIT, WARM_UP)
                        .perSecond();
                flood(target, TIMES * peak, WARM_UP);
                orders.stop();
                stable = peak <= most * WARM ? stable + 1 : 0;
                most = Math.max(most, peak);
            } catch (MeasurementFailed e) {
                stable = 0;
                progress.say("During warm-up: " + e.getMessage());
            }
        }
        if (stable < STABLE_WARM_UPS) {
            progress.say("Still warming up: the peak may be higher than measured.");
        }
    }

    private void measure(Shop shop, OrderClient orders, URI target) throws InterruptedException {
        try (var _ = progress.begin("Overload", () -> recoveries.size() + " rounds")) {
            peaks.add(peak(orders.orderOrFail(shop.customer()), target));
            for (var round = 0; round < settings.rounds(); round++) {
                var before = LoadGenerator.read(target, null, 1, Duration.ofSeconds(1))
                        .milliseconds()
                        .median();
                // A new token lasts for the overload and the peak after it
                var order = orders.orderOrFail(shop.customer());
                double useful;
                try (var loop = LoadGenerator.start(ORDER_CLIENTS, ORDER_INTERVAL, order)) {
                    useful = overload(target, TIMES * peaks.getLast());
                    loop.stopSending(); // the last orders may take long, and are part of the recovery
                    recoveries.add(recovery(target, before).toMillis() / 1000.0);
                    ordered.addAll(loop.stop().responses());
                }
                peaks.add(peak(order, target));
                goodput.add(2 * useful / (peaks.get(round) + peaks.get(round + 1)));
            }
        }
    }

    /** Returns the responses per second in a closed loop, beside the orders. */
    private double peak(LoadGenerator.Call order, URI target) throws InterruptedException {
        try (var orders = LoadGenerator.start(ORDER_CLIENTS, ORDER_INTERVAL, order)) {
            var peak = LoadGenerator.read(target, null, Settings.BROWSING_LIMIT, settings.round());
            orders.stop();
            return peak.perSecond();
        }
    }

    /** Returns the useful responses per second. */
    private double overload(URI target, double perSecond) throws InterruptedException {
        var result = flood(target, perSecond, settings.round());
        flood.addAll(result.responses());
        var elapsed = result.elapsed().toNanos();
        return result.count(response -> isUseful(response) && response.at() <= elapsed) * 1e9 / elapsed;
    }

    private static LoadResult flood(URI target, double perSecond, Duration length) throws InterruptedException {
        try (var http = LoadGenerator.client()) {
            var call = LoadGenerator.get(http, target, null, USEFUL.multipliedBy(3));
            return LoadGenerator.constantRate(perSecond, length, call);
        }
    }

    private static boolean isUseful(LoadResult.Response response) {
        return response.isSuccess() && response.nanos() <= USEFUL.toNanos();
    }

    /** Returns the time until responses are as fast as before. */
    private static Duration recovery(URI target, double before) throws InterruptedException {
        var begin = System.nanoTime();
        try (var http = LoadGenerator.client()) {
            var call = LoadGenerator.get(http, target, null, USEFUL);
            while (System.nanoTime() - begin < RECOVERY_LIMIT.toNanos()) {
                var first = System.nanoTime();
                var times = new ArrayList<Double>();
                for (var i = 0; i < RECOVERED; i++) {
                    var response = LoadGenerator.once(call);
                    if (!response.isSuccess()) {
                        break;
                    }
                    times.add(response.nanos() / 1e6);
                }
                if (times.size() == RECOVERED && Figures.of(times).median() <= 2 * before) {
                    return Duration.ofNanos(first - begin);
                }
            }
        }
        return RECOVERY_LIMIT;
    }

    private void report(String processors) {
        var share = Figures.of(goodput);
        report.add(
                "overload, useful responses ÷ peak",
                share.withSpread("%.2f"),
                Report.aim("≥ 0.90", share.median() >= GOODPUT_AIM),
                "`GET %s`, %d times the peak of %s per second †, sent without waiting for responses. %d rounds of %d s, each between two at the peak with %d clients in a closed loop. Useful: within %d s, and before the round's end. Compilers and heap as in the images; %s"
                        .formatted(
                                PAGE,
                                TIMES,
                                Figures.of(peaks).withSpread("%.0f"),
                                settings.rounds(),
                                settings.round().toSeconds(),
                                Settings.BROWSING_LIMIT,
                                USEFUL.toSeconds(),
                                processors));
        var all = new LoadResult(flood, Duration.ZERO);
        var rejected = all.count(LoadResult.Response::isRejected);
        var silent = all.count(response -> response.failure().endsWith("without Retry-After"));
        report.add(
                "overload, other responses",
                "%s rejected, %s failed, %s late"
                        .formatted(
                                percent(rejected, flood),
                                percent(all.failures() - rejected, flood),
                                percent(all.count(response -> response.isSuccess() && !isUseful(response)), flood)),
                "",
                "of %,d requests; rejected: 429 or 503, %s without `Retry-After`"
                        .formatted(flood.size(), silent == 0 ? "none" : String.valueOf(silent)));
        reportOrders();
        var recovery = Figures.of(recoveries);
        report.add(
                "overload, time to recover",
                recovery.withSpread("%.1f") + " s †",
                Report.aim("≤ 10 s", recovery.most() <= RECOVERY_AIM),
                "from the last response of the overload until %d responses in a row have a median of at most twice that of before"
                        .formatted(RECOVERED));
    }

    private void reportOrders() {
        var result = new LoadResult(ordered, Duration.ZERO);
        var times = result.milliseconds();
        report.add(
                "overload, orders confirmed",
                "%s, %d of %d".formatted(percent(result.successes(), ordered), result.successes(), ordered.size())
                        + String.format(
                                Locale.ROOT,
                                ", %.1f s each, the slowest %.1f s",
                                times.median() / 1000,
                                times.most() / 1000),
                Report.aim("≥ 99.4 %", 100.0 * result.successes() >= CHECKOUT_AIM * ordered.size()),
                "%d clients, one order each per %d s or as soon as the one before is confirmed, each order tried once; median, from requesting the card token"
                        .formatted(ORDER_CLIENTS, ORDER_INTERVAL.toSeconds()));
        result.reasons()
                .forEach((reason, count) -> progress.say("Not confirmed, %d times: %s".formatted(count, reason)));
    }

    private static String percent(long count, List<?> all) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * count / all.size());
    }
}
