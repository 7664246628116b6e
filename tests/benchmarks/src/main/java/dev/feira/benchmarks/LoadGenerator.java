package dev.feira.benchmarks;

import dev.feira.local.client.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Generates load for every benchmark, on loopback only, bounded in count or time. In a closed loop each client sends
 * its next request after the response to the last. A constant rate does not wait for responses.
 */
final class LoadGenerator {

    /** Limits the requests in flight at a constant rate; a request above the limit counts as failed. */
    private static final int MAX_IN_FLIGHT = 4_000;

    private static final Duration TICK = Duration.ofMillis(5);
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

    private LoadGenerator() {}

    /** Sends one request, or several that belong together. */
    @FunctionalInterface
    interface Call {
        /**
         * Returns why it failed; empty for a success.
         *
         * @throws IOException there is no response, which counts as a failure
         * @throws RuntimeException the whole measurement ends
         */
        String send() throws IOException, InterruptedException;
    }

    /**
     * Returns {@code target}.
     *
     * @throws IllegalArgumentException it is on another machine
     */
    static URI loopback(URI target) {
        if (!LOOPBACK.contains(String.valueOf(target.getHost()))) {
            throw new IllegalArgumentException("load goes to this machine only, not to " + target.getHost());
        }
        return target;
    }

    /** Creates an HTTP/1.1 client, whose connections last until it is closed. */
    static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(3))
                .build();
    }

    /** Returns a call that gets {@code target}, as a user or without one; a failure is named by its status, with a note where 429 or 503 lacks {@code Retry-After}. */
    static Call get(HttpClient http, URI target, @Nullable Tokens user, Duration timeout) {
        var builder = HttpRequest.newBuilder(loopback(target)).timeout(timeout);
        if (user != null) {
            builder.header("Authorization", "Bearer " + user.access());
        }
        var request = builder.build();
        return () -> failure(http.send(request, HttpResponse.BodyHandlers.discarding()));
    }

    private static String failure(HttpResponse<?> response) {
        var advice = response.headers().firstValue("Retry-After");
        return switch (response.statusCode()) {
            case 200, 201 -> "";
            case 429, 503 -> response.statusCode() + (advice.isPresent() ? "" : " without Retry-After");
            default -> String.valueOf(response.statusCode());
        };
    }

    /**
     * Reads {@code target} in a closed loop.
     *
     * @throws MeasurementFailed more than one request in a hundred failed
     */
    static LoadResult read(URI target, @Nullable Tokens user, int clients, Duration length)
            throws InterruptedException {
        try (var http = client()) {
            return closedLoop(clients, length, get(http, target, user, Duration.ofSeconds(10)))
                    .requireSuccess(target.toString());
        }
    }

    /** Repeats {@code call} for {@code length}; requests in flight at its end are completed and count. */
    static LoadResult closedLoop(int clients, Duration length, Call call) throws InterruptedException {
        var end = System.nanoTime() + length.toNanos();
        try (var loop = new ClosedLoop(clients, () -> System.nanoTime() < end, Duration.ZERO, call)) {
            return loop.await();
        }
    }

    /** Makes so many calls. */
    static LoadResult repeat(int clients, int times, Call call) throws InterruptedException {
        var remaining = new AtomicLong(times);
        try (var loop = new ClosedLoop(clients, () -> remaining.getAndDecrement() > 0, Duration.ZERO, call)) {
            return loop.await();
        }
    }

    /**
     * Starts a closed loop that lasts until it is stopped.
     *
     * @param interval between the starts of two calls of a client, longer where a call takes longer
     */
    static ClosedLoop start(int clients, Duration interval, Call call) {
        return new ClosedLoop(clients, () -> true, interval, call);
    }

    /** Sends at a constant rate for {@code length}, then waits for the requests in flight, which must have a timeout. */
    static LoadResult constantRate(double perSecond, Duration length, Call call) throws InterruptedException {
        var responses = new ConcurrentLinkedQueue<LoadResult.Response>();
        var permits = new Semaphore(MAX_IN_FLIGHT);
        var begin = System.nanoTime();
        Duration elapsed;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long sent = 0;
            for (var now = begin; now - begin < length.toNanos(); now = System.nanoTime()) {
                for (var due = (long) ((now - begin) / 1e9 * perSecond); sent < due; sent++) {
                    if (permits.tryAcquire()) {
                        var sentAt = System.nanoTime();
                        threads.submit(() -> {
                            responses.add(send(call, sentAt, begin));
                            permits.release();
                            return null;
                        });
                    } else {
                        responses.add(new LoadResult.Response("more than " + MAX_IN_FLIGHT + " in flight", 0, 0));
                    }
                }
                Thread.sleep(TICK);
            }
            elapsed = Duration.ofNanos(System.nanoTime() - begin);
        }
        return new LoadResult(List.copyOf(responses), elapsed);
    }

    /** Makes one call. */
    static LoadResult.Response once(Call call) throws InterruptedException {
        var now = System.nanoTime();
        return send(call, now, now);
    }

    private static LoadResult.Response send(Call call, long sentAt, long begin) throws InterruptedException {
        String failure;
        try {
            failure = call.send();
        } catch (IOException e) {
            failure = e.getClass().getSimpleName();
        }
        var now = System.nanoTime();
        return new LoadResult.Response(failure, now - sentAt, now - begin);
    }

    /** A closed loop in progress. */
    static final class ClosedLoop implements AutoCloseable {

        private final long begin = System.nanoTime();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final List<Future<List<LoadResult.Response>>> clients = new ArrayList<>();

        private ClosedLoop(int count, BooleanSupplier isRunning, Duration interval, Call call) {
            for (var i = 0; i < count; i++) {
                clients.add(threads.submit(() -> {
                    var responses = new ArrayList<LoadResult.Response>();
                    var due = System.nanoTime();
                    while (!stopped.get() && isRunning.getAsBoolean()) {
                        responses.add(sendOrStop(call));
                        due = Math.max(due + interval.toNanos(), System.nanoTime());
                        Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
                    }
                    return responses;
                }));
            }
        }

        /** A measurement that has failed needs no more calls of the other clients. */
        private LoadResult.Response sendOrStop(Call call) throws InterruptedException {
            try {
                return send(call, System.nanoTime(), begin);
            } catch (RuntimeException e) {
                stopSending();
                throw e;
            }
        }

        /** Lets no client begin another call. */
        void stopSending() {
            stopped.set(true);
        }

        /** Completes the calls in flight, and returns all. */
        LoadResult stop() throws InterruptedException {
            stopSending();
            return await();
        }

        private LoadResult await() throws InterruptedException {
            var responses = new ArrayList<LoadResult.Response>();
            for (var client : clients) {
                try {
                    responses.addAll(client.get());
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof MeasurementFailed failure
                            ? failure
                            : new MeasurementFailed("A client of the load ended early: " + e.getCause(), e);
                }
            }
            return new LoadResult(responses, Duration.ofNanos(System.nanoTime() - begin));
        }

        /** Interrupts the clients that still run. */
        @Override
        public void close() {
            stopSending();
            threads.shutdownNow();
            threads.close();
        }
    }
}
