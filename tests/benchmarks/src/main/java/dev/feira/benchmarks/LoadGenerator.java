package dev.feira.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

/** A closed loop: each client sends its next request when it has the answer to the last. Loopback only, bounded in time. */
final class LoadGenerator {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

    private LoadGenerator() {}

    /**
     * What one round measured.
     *
     * @param failures answers other than 2xx, and no answers
     * @param elapsed the round's length
     * @param latencies of the answers of 2xx
     */
    record Round(long failures, Duration elapsed, Latencies latencies) {

        double perSecond() {
            return latencies.count() * 1e9 / elapsed.toNanos();
        }
    }

    /** Refuses any other machine. */
    static URI loopback(URI target) {
        if (!LOOPBACK.contains(String.valueOf(target.getHost()))) {
            throw new IllegalArgumentException("load goes to this machine only, not to " + target.getHost());
        }
        return target;
    }

    /**
     * Asks {@code target} with {@code clients} clients for {@code length}.
     *
     * @throws MeasurementFailed more than one request in a hundred failed: the round says nothing
     */
    static Round get(URI target, Map<String, String> headers, int clients, Duration length)
            throws InterruptedException {
        var request = HttpRequest.newBuilder(loopback(target)).timeout(Duration.ofSeconds(10));
        headers.forEach(request::header);
        var built = request.build();
        var over = new AtomicBoolean();
        try (var http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var begin = System.nanoTime();
            List<Future<Part>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Callable<Part> client = () -> loop(http, built, over);
                running.add(threads.submit(client));
            }
            Thread.sleep(length);
            over.set(true);
            var latencies = new ArrayList<long[]>();
            long failures = 0;
            for (var one : running) {
                var part = result(one);
                latencies.add(part.latencies());
                failures += part.failures();
            }
            var round = new Round(failures, Duration.ofNanos(System.nanoTime() - begin), Latencies.of(latencies));
            if (failures * 100 > failures + round.latencies().count()) {
                throw new MeasurementFailed("%d of %d requests to %s failed."
                        .formatted(failures, failures + round.latencies().count(), target));
            }
            return round;
        }
    }

    /** The result of a client; its failure is the round's. */
    static <T> T result(Future<T> client) throws InterruptedException {
        try {
            return client.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MeasurementFailed failure
                    ? failure
                    : new MeasurementFailed("A client of the load ended early: " + e.getCause(), e);
        }
    }

    private record Part(long[] latencies, long failures) {}

    private static Part loop(HttpClient http, HttpRequest request, AtomicBoolean over) throws InterruptedException {
        var latencies = LongStream.builder();
        long failures = 0;
        while (!over.get()) {
            var begin = System.nanoTime();
            try {
                var status = http.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                if (status / 100 == 2) {
                    latencies.add(System.nanoTime() - begin);
                } else {
                    failures++;
                }
            } catch (IOException e) {
                failures++;
            }
        }
        return new Part(latencies.build().toArray(), failures);
    }
}
