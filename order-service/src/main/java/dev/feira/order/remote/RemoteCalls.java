package dev.feira.order.remote;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.core.functions.CheckedSupplier;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.timelimiter.TimeLimiter;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/**
 * Calls to one party, each behind, from the outside in: bulkhead, circuit breaker, time limit. Answers that are a no
 * must be returned by the call, not thrown: whatever is thrown counts as a failure of the party.
 */
public final class RemoteCalls {

    private final String participant;
    private final Bulkhead bulkhead;
    private final CircuitBreaker breaker;
    private final TimeLimiter timeLimit;
    private final Retry retry;
    private final ExecutorService executor;

    RemoteCalls(
            String participant,
            Bulkhead bulkhead,
            CircuitBreaker breaker,
            TimeLimiter timeLimit,
            Retry retry,
            ExecutorService executor) {
        this.participant = participant;
        this.bulkhead = bulkhead;
        this.breaker = breaker;
        this.timeLimit = timeLimit;
        this.retry = retry;
        this.executor = executor;
    }

    /**
     * Calls once.
     *
     * @return what the call returned
     * @throws RemoteCallFailed there is no answer
     */
    public <T> T once(Callable<T> call) {
        return answer(guarded(call));
    }

    /**
     * Calls, and again where there is no answer and the circuit is closed. Only for calls that change nothing.
     *
     * @return what the call returned
     * @throws RemoteCallFailed there is no answer
     */
    public <T> T repeatedly(Callable<T> call) {
        return answer(Retry.decorateCheckedSupplier(retry, guarded(call)));
    }

    private <T> CheckedSupplier<T> guarded(Callable<T> call) {
        return Bulkhead.decorateCheckedSupplier(
                bulkhead, CircuitBreaker.decorateCheckedSupplier(breaker, () -> inTime(call)));
    }

    /** A socket's timeout begins anew with each byte; this one does not. */
    private <T> T inTime(Callable<T> call) throws Throwable {
        try {
            return timeLimit.executeFutureSupplier(() -> executor.submit(call));
        } catch (ExecutionException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private <T> T answer(CheckedSupplier<T> call) {
        try {
            return call.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RemoteCallFailed(participant, e);
        } catch (Throwable e) {
            if (e instanceof Error error) {
                throw error;
            }
            throw new RemoteCallFailed(participant, e);
        }
    }
}
