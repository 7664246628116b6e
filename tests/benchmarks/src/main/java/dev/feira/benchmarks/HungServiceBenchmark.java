package dev.feira.benchmarks;

import dev.feira.local.Secrets;
import dev.feira.local.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

/** What readers of the catalog notice while order-service hangs and others go on asking for their orders. */
final class HungServiceBenchmark {

    static final int READERS = 2;

    /** So many that their first questions, which all wait for the deadline, open the circuit. */
    static final int OWNERS = 12;

    /** Between two questions of an owner, whatever the answer: an open circuit answers at once, and must not add load. */
    static final Duration BETWEEN = Duration.ofMillis(500);

    /** Between two questions whether orders are served again. */
    static final Duration POLL = Duration.ofMillis(100);

    /** What a round takes on top of its usual length: until the circuit is open, and some time with it. */
    static final Duration UNTIL_OPEN = Duration.ofSeconds(8);

    /** Quicker than any deadline: nobody was asked. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    /** The gateway's deadline for all about orders (application.yaml there), and what the promise grants on top. */
    static final Duration LATEST = Duration.ofSeconds(5).plusMillis(100);

    private static final String SHELVES = "/api/products?limit=5";
    private static final String ORDERS = "/api/orders?limit=5";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Settings settings;
    private final Progress progress;

    HungServiceBenchmark(Settings settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * What was measured.
     *
     * @param before the slowest percent of the catalog's answers with everybody well, ms: with owners beside the readers or
     *     without them, whichever is the quicker, since an order-service that hangs uses no processor either
     * @param ratios of that percent with order-service hanging to the one beside it
     * @param longest an owner waited for an answer while it hung, s
     * @param healed from the end until an owner was served again, s
     * @param processors what ran on which
     */
    record Outcome(Figures before, Figures ratios, Figures longest, Figures healed, String processors) {}

    Outcome run(Workspace workspace) throws IOException, InterruptedException {
        try (var processors = Processors.part();
                var platform = Settings.start(workspace, progress, "Starting Feira for a service that hangs")) {
            processors.leaveToPlatform();
            var shop = new Shop(platform.url(), platform.secrets().get(Secrets.DEMO_PASSWORD));
            var shelves = LoadGenerator.loopback(platform.url().resolve(SHELVES));
            var orders = LoadGenerator.loopback(platform.url().resolve(ORDERS));
            var length = settings.round().plus(UNTIL_OPEN);
            try (var _ = progress.begin("Warm-up")) {
                besideOwners(shelves, orders, shop.customer(), length);
            }
            var before = new ArrayList<Double>();
            var ratios = new ArrayList<Double>();
            var longest = new ArrayList<Double>();
            var healed = new ArrayList<Double>();
            try (var _ = progress.begin("A service that hangs", () -> healed.size() + " rounds")) {
                for (var round = 0; round < settings.rounds(); round++) {
                    var customer = shop.customer();
                    before.add(Math.min(
                            besideOwners(shelves, orders, customer, length).slowestPercent(),
                            LoadGenerator.get(shelves, Map.of(), READERS, length)
                                    .latencies()
                                    .percentile(0.99)));
                    platform.instances(Service.ORDER).forEach(platform::pause);
                    try {
                        var hanging = besideOwners(shelves, orders, customer, length);
                        if (hanging.refused() == 0) {
                            throw new MeasurementFailed("The circuit to order-service did not open while it hung.");
                        }
                        if (hanging.served() > 0 || hanging.failures() > 0) {
                            throw new MeasurementFailed(
                                    "%d questions for orders were answered, %d for products were not, while order-service hung."
                                            .formatted(hanging.served(), hanging.failures()));
                        }
                        ratios.add(hanging.slowestPercent() / before.getLast());
                        longest.add(hanging.longest());
                    } finally {
                        platform.instances(Service.ORDER).forEach(platform::resume);
                    }
                    healed.add(served(orders, customer).toMillis() / 1000.0);
                }
            }
            return new Outcome(
                    Figures.of(before),
                    Figures.of(ratios),
                    Figures.of(longest),
                    Figures.of(healed),
                    processors.description());
        }
    }

    /**
     * @param slowestPercent of the catalog's answers took longer, ms
     * @param failures of the catalog
     * @param longest an owner waited, s
     * @param served to owners, with 200
     * @param refused to owners, at once
     */
    private record Round(double slowestPercent, long failures, double longest, long served, long refused) {}

    /** @param latencies of one owner's answers, ns, whatever they were */
    private record Answers(long[] latencies, long served, long refused) {}

    private static Round besideOwners(URI shelves, URI orders, Credentials customer, Duration length)
            throws InterruptedException {
        var over = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answers>> owners = new ArrayList<>();
            for (var i = 0; i < OWNERS; i++) {
                Callable<Answers> owner = () -> ask(orders, customer, over);
                owners.add(threads.submit(owner));
            }
            LoadGenerator.Round readers;
            try {
                readers = LoadGenerator.get(shelves, Map.of(), READERS, length);
            } finally {
                over.set(true);
            }
            var latencies = new ArrayList<long[]>();
            var served = 0L;
            var refused = 0L;
            for (var owner : owners) {
                var answers = LoadGenerator.result(owner);
                latencies.add(answers.latencies());
                served += answers.served();
                refused += answers.refused();
            }
            var all = Latencies.of(latencies);
            return new Round(
                    readers.latencies().percentile(0.99),
                    readers.failures(),
                    all.percentile(1) / 1000,
                    served,
                    refused);
        }
    }

    /** Asks again and again, whatever is answered. */
    private static Answers ask(URI orders, Credentials customer, AtomicBoolean over) throws InterruptedException {
        var latencies = LongStream.builder();
        var served = 0L;
        var refused = 0L;
        var request = request(orders, customer);
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            while (!over.get()) {
                var begin = System.nanoTime();
                var status = status(http, request);
                var took = System.nanoTime() - begin;
                if (status == 200) {
                    served++;
                } else if (status == 503 && took < AT_ONCE.toNanos()) {
                    refused++;
                }
                latencies.add(took);
                Thread.sleep(BETWEEN);
            }
        }
        return new Answers(latencies.build().toArray(), served, refused);
    }

    private static Duration served(URI orders, Credentials customer) throws InterruptedException {
        var request = request(orders, customer);
        var begin = System.nanoTime();
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            while (System.nanoTime() - begin < PATIENCE.toNanos()) {
                if (status(http, request) == 200) {
                    return Duration.ofNanos(System.nanoTime() - begin);
                }
                Thread.sleep(POLL);
            }
        }
        throw new MeasurementFailed("Orders are not served again within " + PATIENCE.toSeconds() + " s.");
    }

    /** Returns 0 where there is no answer. */
    private static int status(HttpClient http, HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static HttpRequest request(URI orders, Credentials customer) {
        var request = HttpRequest.newBuilder(orders).timeout(Duration.ofSeconds(15));
        customer.headers().forEach(request::header);
        return request.build();
    }
}
