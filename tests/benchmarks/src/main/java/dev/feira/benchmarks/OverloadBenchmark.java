package dev.feira.benchmarks;

import dev.feira.local.Secrets;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * More readers than the platform can serve, who do not wait for each other, beside a few buyers: how much of the peak is
 * served, whether the buyers notice, how the others are sent away, and how soon all is as before.
 */
final class OverloadBenchmark {

    /** As many requests as at the peak, so many times. */
    static final int TIMES = 3;

    static final int BUYERS = 2;

    /** So often each of them places an order, or as soon as the one before is through: as much work at the peak as in the flood. */
    static final Duration EVERY = Duration.ofSeconds(1);

    /** Less more than this is the noise of a round. */
    private static final double WARM = 1.03;

    private static final int CALM_WARM_UPS = 3;
    private static final int WARM_UPS = 20;
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    /** An answer later than this is of no use to who asked. */
    static final Duration USEFUL = Duration.ofSeconds(2);

    /** Back to normal: so many answers in a row, their median no more than twice that of before. */
    static final int CALM = 20;

    private static final Duration TICK = Duration.ofMillis(5);
    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(60);

    /** What the generator of load holds at most; what comes on top of it counts as not served. */
    private static final int UNDER_WAY = 4_000;

    private final Settings settings;
    private final Progress progress;

    OverloadBenchmark(Settings settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * What was measured.
     *
     * @param peak answers a second to the closed loop
     * @param goodput useful answers a second in each round of too much load, as a share of the mean of the peaks before and after
     * @param answers of all those rounds
     * @param confirmed orders that were confirmed meanwhile
     * @param ordered orders that were tried meanwhile
     * @param took from asking for the card token to knowing that an order is confirmed, of those that were
     * @param reasons why the others were not, and how often
     * @param recoveries from the end of each round until all was as before; {@link #RECOVERY_LIMIT} where it never was
     * @param processors what ran on which
     */
    record Outcome(
            Figures peak,
            Figures goodput,
            Answers answers,
            long confirmed,
            long ordered,
            Latencies took,
            Map<String, Long> reasons,
            Figures recoveries,
            String processors) {}

    /** How requests were answered. */
    static final class Answers {

        final LongAdder offered = new LongAdder();
        final LongAdder good = new LongAdder();
        final LongAdder late = new LongAdder();
        final LongAdder shed = new LongAdder();
        final LongAdder shedWithoutAdvice = new LongAdder();
        final LongAdder failed = new LongAdder();

        void count(HttpResponse<?> answer, long nanos) {
            switch (answer.statusCode()) {
                case 200 -> (nanos <= USEFUL.toNanos() ? good : late).increment();
                case 429, 503 -> {
                    shed.increment();
                    if (answer.headers().firstValue("Retry-After").isEmpty()) {
                        shedWithoutAdvice.increment();
                    }
                }
                default -> failed.increment();
            }
        }
    }

    /** Buyers who go on when an order fails, and count. */
    private record Buyers(LongAdder confirmed, LongAdder ordered, Collection<long[]> took, Map<String, Long> reasons) {

        Buyers() {
            this(new LongAdder(), new LongAdder(), new ConcurrentLinkedQueue<>(), new ConcurrentSkipListMap<>());
        }
    }

    Outcome run(Workspace workspace, String page) throws IOException, InterruptedException {
        try (var processors = Processors.part();
                var platform = Settings.startAsInImages(workspace, progress, "Starting Feira for too much load")) {
            processors.leaveToPlatform();
            var shop = new Shop(platform.url(), platform.secrets().get(Secrets.DEMO_PASSWORD));
            var skus = shop.restock(progress);
            var target = LoadGenerator.loopback(platform.url().resolve(page));
            try (var orders = new OrderClient(shop.gateway(), skus, settings.clients())) {
                try (var _ = progress.begin("Warm-up")) {
                    warmUp(shop.customer(), orders, skus.size(), target);
                }
                return measure(shop, skus, target, orders, processors.description());
            }
        }
    }

    /**
     * Until no more are served than ever before, three times in a row: the compilers are through. Being sent away is compiled,
     * too, and buying; what a cold platform refuses does not count.
     */
    private void warmUp(Credentials customer, OrderClient orders, int products, URI target) throws InterruptedException {
        var most = 0.0;
        var calm = 0;
        for (var i = 0; i < WARM_UPS && calm < CALM_WARM_UPS; i++) {
            try {
                var perSecond = besideBuyers(customer, orders, products, new Buyers(), _ -> {
                    var served =
                            LoadGenerator.get(target, Map.of(), Settings.PLACES, WARM_UP).perSecond();
                    flood(target, TIMES * served, WARM_UP, new Answers());
                    return served;
                });
                calm = perSecond <= most * WARM ? calm + 1 : 0;
                most = Math.max(most, perSecond);
            } catch (MeasurementFailed e) {
                calm = 0; // cold: some had to wait for too long
                progress.say("While it was cold: " + e.getMessage());
            }
        }
        if (calm < CALM_WARM_UPS) {
            progress.say("Still warming up: the peak may be higher than what is measured.");
        }
    }

    private Outcome measure(Shop shop, List<String> skus, URI target, OrderClient orders, String processors)
            throws IOException, InterruptedException {
        var peaks = new ArrayList<Double>();
        var goodput = new ArrayList<Double>();
        var recoveries = new ArrayList<Double>();
        var answers = new Answers();
        var buyers = new Buyers();
        var customer = shop.customer();
        try (var _ = progress.begin("Too much load", () -> recoveries.size() + " rounds")) {
            peaks.add(peak(customer, orders, skus.size(), target));
            for (var round = 0; round < settings.rounds(); round++) {
                var before = LoadGenerator.get(target, Map.of(), 1, Duration.ofSeconds(1))
                        .latencies()
                        .percentile(0.5);
                var perSecond = TIMES * peaks.getLast();
                var useful = besideBuyers(customer, orders, skus.size(), buyers, buying -> {
                    var served = flood(target, perSecond, settings.round(), answers);
                    buying.set(false); // the last orders may take long, and are part of getting well
                    recoveries.add(recovery(target, before).toMillis() / 1000.0);
                    return served;
                });
                customer = shop.customer(); // whose token is good for the next round
                peaks.add(peak(customer, orders, skus.size(), target));
                goodput.add(2 * useful / (peaks.get(round) + peaks.get(round + 1)));
            }
        }
        return new Outcome(
                Figures.of(peaks),
                Figures.of(goodput),
                answers,
                buyers.confirmed.sum(),
                buyers.ordered.sum(),
                Latencies.of(buyers.took),
                Map.copyOf(buyers.reasons),
                Figures.of(recoveries),
                processors);
    }

    /** Returns how many are served each second where each reader waits for the answer before, beside the buyers. */
    private double peak(Credentials customer, OrderClient orders, int products, URI target) throws InterruptedException {
        return besideBuyers(
                customer,
                orders,
                products,
                new Buyers(),
                _ -> LoadGenerator.get(target, Map.of(), Settings.PLACES, settings.round())
                        .perSecond());
    }

    private interface Measurement {
        double make(AtomicBoolean buying) throws InterruptedException;
    }

    /** Makes the measurement while a few people place orders. */
    private static double besideBuyers(
            Credentials customer, OrderClient orders, int products, Buyers counts, Measurement measurement)
            throws InterruptedException {
        var buying = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Long>>();
            for (var buyer = 0; buyer < BUYERS; buyer++) {
                running.add(threads.submit(() -> buy(customer, orders, products, buying, counts)));
            }
            try {
                return measurement.make(buying);
            } finally {
                buying.set(false);
                for (var buyer : running) {
                    LoadGenerator.result(buyer);
                }
            }
        }
    }

    /** Returns how many orders were tried. */
    private static long buy(Credentials customer, OrderClient orders, int products, AtomicBoolean buying, Buyers counts)
            throws InterruptedException {
        var tried = 0L;
        var due = System.nanoTime();
        while (buying.get()) {
            tried++;
            counts.ordered.increment();
            var begin = System.nanoTime();
            try {
                orders.placeOne(customer, ThreadLocalRandom.current().nextInt(products));
                counts.confirmed.increment();
                counts.took.add(new long[] {System.nanoTime() - begin});
            } catch (MeasurementFailed | IOException e) {
                counts.reasons.merge(String.valueOf(e.getMessage()), 1L, Long::sum);
            }
            due = Math.max(due + EVERY.toNanos(), System.nanoTime());
            Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
        }
        return tried;
    }

    /** Asks {@code perSecond} times a second, whatever is answered; returns the useful answers a second. */
    private double flood(URI target, double perSecond, Duration length, Answers all) throws InterruptedException {
        var request =
                HttpRequest.newBuilder(target).timeout(USEFUL.multipliedBy(3)).build();
        var places = new Semaphore(UNDER_WAY);
        var before = all.good.sum();
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var begin = System.nanoTime();
            long sent = 0;
            for (var now = begin; now - begin < length.toNanos(); now = System.nanoTime()) {
                for (var due = (long) ((now - begin) / 1e9 * perSecond); sent < due; sent++) {
                    all.offered.increment();
                    if (places.tryAcquire()) {
                        send(http, request, all, places);
                    } else {
                        all.failed.increment();
                    }
                }
                Thread.sleep(TICK);
            }
            var elapsed = System.nanoTime() - begin;
            var useful = (all.good.sum() - before) * 1e9 / elapsed;
            places.acquire(UNDER_WAY); // what is under way has its time limit
            return useful;
        }
    }

    private static void send(HttpClient http, HttpRequest request, Answers all, Semaphore places) {
        var sent = System.nanoTime();
        http.sendAsync(request, HttpResponse.BodyHandlers.discarding()).whenComplete((answer, failure) -> {
            if (failure == null) {
                all.count(answer, System.nanoTime() - sent);
            } else {
                all.failed.increment();
            }
            places.release();
        });
    }

    /** One reader who asks again and again: how long until the answers are as quick as before. */
    private static Duration recovery(URI target, double before) throws InterruptedException {
        var request = HttpRequest.newBuilder(target).timeout(USEFUL).build();
        var begin = System.nanoTime();
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            while (System.nanoTime() - begin < RECOVERY_LIMIT.toNanos()) {
                var first = System.nanoTime();
                var times = new ArrayList<Double>();
                while (times.size() < CALM) {
                    var sent = System.nanoTime();
                    try {
                        if (http.send(request, HttpResponse.BodyHandlers.discarding())
                                        .statusCode()
                                != 200) {
                            break;
                        }
                    } catch (IOException e) {
                        break;
                    }
                    times.add((System.nanoTime() - sent) / 1e6);
                }
                if (times.size() == CALM && Figures.of(times).median() <= 2 * before) {
                    return Duration.ofNanos(first - begin);
                }
            }
        }
        return RECOVERY_LIMIT;
    }
}
