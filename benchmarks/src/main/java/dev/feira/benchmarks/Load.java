package dev.feira.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** A closed loop: each client sends its next request when it has the answer to the last. Loopback only, bounded in time. */
final class Load {

    private Load() {}

    /**
     * What one round measured.
     *
     * @param answers answers of 2xx
     * @param failures everything else
     * @param elapsed the round's length
     * @param latencies of the answers, in nanoseconds, sorted
     */
    record Round(long answers, long failures, Duration elapsed, long[] latencies) {

        double perSecond() {
            return answers * 1e9 / elapsed.toNanos();
        }

        /** Milliseconds below which the share {@code q} of the answers came. */
        double percentile(double q) {
            return latencies.length == 0
                    ? Double.NaN
                    : latencies[(int) Math.min(latencies.length - 1, q * latencies.length)] / 1e6;
        }
    }

    /** Asks {@code target} with {@code clients} clients for {@code length}. */
    static Round get(URI target, int clients, Duration length) throws InterruptedException {
        if (!"127.0.0.1".equals(target.getHost()) && !"localhost".equals(target.getHost())) {
            throw new IllegalArgumentException("load goes to this machine only, not to " + target.getHost());
        }
        var over = new AtomicBoolean();
        var begin = System.nanoTime();
        try (var http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var request = HttpRequest.newBuilder(target)
                    .timeout(Duration.ofSeconds(10))
                    .build();
            List<Future<long[][]>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Callable<long[][]> client = () -> loop(http, request, over);
                running.add(threads.submit(client));
            }
            Thread.sleep(length);
            over.set(true);
            var latencies = new ArrayList<long[]>();
            long failures = 0;
            for (var one : running) {
                try {
                    var result = one.get();
                    latencies.add(result[0]);
                    failures += result[1][0];
                } catch (ExecutionException e) {
                    throw new IllegalStateException("a client of the load ended early", e);
                }
            }
            var elapsed = Duration.ofNanos(System.nanoTime() - begin);
            var sorted = latencies.stream()
                    .flatMapToLong(java.util.Arrays::stream)
                    .sorted()
                    .toArray();
            return new Round(sorted.length, failures, elapsed, sorted);
        }
    }

    private static long[][] loop(HttpClient http, HttpRequest request, AtomicBoolean over) throws InterruptedException {
        var latencies = java.util.stream.LongStream.builder();
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
        return new long[][] {latencies.build().toArray(), {failures}};
    }
}
