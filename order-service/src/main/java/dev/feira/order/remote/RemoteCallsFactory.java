package dev.feira.order.remote;

import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Hands out the guards that {@code application.yaml} describes under {@code resilience4j}. */
@Component
public class RemoteCallsFactory implements DisposableBean {

    private final BulkheadRegistry bulkheads;
    private final CircuitBreakerRegistry breakers;
    private final TimeLimiterRegistry timeLimits;
    private final RetryRegistry retries;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    // the trace goes with the call into its thread
    private final ExecutorService tracedThreads = ContextExecutorService.wrap(
            threads, ContextSnapshotFactory.builder().build()::captureAll);

    RemoteCallsFactory(
            BulkheadRegistry bulkheads,
            CircuitBreakerRegistry breakers,
            TimeLimiterRegistry timeLimits,
            RetryRegistry retries) {
        this.bulkheads = bulkheads;
        this.breakers = breakers;
        this.timeLimits = timeLimits;
        this.retries = retries;
    }

    /** Returns the guards of this name. */
    public RemoteCalls named(String name) {
        return new RemoteCalls(
                name,
                bulkheads.bulkhead(name),
                breakers.circuitBreaker(name),
                timeLimits.timeLimiter(name),
                retries.retry(name),
                tracedThreads);
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
