package dev.feira.order.remote;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.functions.CheckedSupplier;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Calls other services through a bulkhead, a circuit breaker and a time limiter, in this order. They are configured by name
 * under {@code resilience4j} in {@code application.yaml}. Each exception of a call becomes {@link RemoteCallFailed}, so the
 * call itself must map an expected 4xx response to a result. The circuit breaker counts every exception but a 4xx response.
 */
@Component
public class RemoteCalls implements DisposableBean {

    private final BulkheadRegistry bulkheads;
    private final CircuitBreakerRegistry breakers;
    private final TimeLimiterRegistry timeLimiters;
    private final RetryRegistry retries;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    // keeps the trace of the calling thread
    private final ExecutorService executor = ContextExecutorService.wrap(
            threads, ContextSnapshotFactory.builder().build()::captureAll);

    RemoteCalls(
            BulkheadRegistry bulkheads,
            CircuitBreakerRegistry breakers,
            TimeLimiterRegistry timeLimiters,
            RetryRegistry retries) {
        this.bulkheads = bulkheads;
        this.breakers = breakers;
        this.timeLimiters = timeLimiters;
        this.retries = retries;
    }

    /**
     * Calls once.
     *
     * @param name of the Resilience4j instances
     * @throws RemoteCallFailed there is no usable response
     */
    public <T> T once(String name, Callable<T> call) {
        return get(name, decorated(name, call));
    }

    /**
     * Calls, and retries while there is no usable response and the circuit is closed. Only for calls without effect.
     *
     * @param name of the Resilience4j instances
     * @throws RemoteCallFailed there is no usable response
     */
    public <T> T withRetry(String name, Callable<T> call) {
        return get(name, Retry.decorateCheckedSupplier(retries.retry(name), decorated(name, call)));
    }

    private <T> CheckedSupplier<T> decorated(String name, Callable<T> call) {
        return Bulkhead.decorateCheckedSupplier(
                bulkheads.bulkhead(name),
                CircuitBreaker.decorateCheckedSupplier(breakers.circuitBreaker(name), () -> limited(name, call)));
    }

    /** Limits the whole call; a socket's timeout starts again with each byte. */
    private <T> T limited(String name, Callable<T> call) throws Throwable {
        try {
            return timeLimiters.timeLimiter(name).executeFutureSupplier(() -> executor.submit(call));
        } catch (ExecutionException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static <T> T get(String name, CheckedSupplier<T> call) {
        try {
            return call.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RemoteCallFailed(name, e);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new RemoteCallFailed(name, e);
        }
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
