package dev.feira.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Runs several clients at the same time. */
final class Concurrently {

    private Concurrently() {}

    /** Starts all clients together and returns their results in order. */
    static <T> List<T> all(int clients, IntFunction<Callable<T>> client) throws InterruptedException {
        var ready = new CountDownLatch(clients);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<T>>();
            for (var number = 0; number < clients; number++) {
                var task = client.apply(number);
                running.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return task.call();
                }));
            }
            var responses = new ArrayList<T>();
            for (var response : running) {
                responses.add(response.get(60, TimeUnit.SECONDS));
            }
            return responses;
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("a client failed: " + e, e);
        }
    }
}
