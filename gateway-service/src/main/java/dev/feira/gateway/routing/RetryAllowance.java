package dev.feira.gateway.routing;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps retries a small share of the requests, whatever fails: each request earns a part of a retry, each retry costs a
 * whole one. Without it three attempts would turn an overload into three times the load.
 */
final class RetryAllowance {

    private static final long RETRY = 1_000;

    private final long earned;
    private final long most;
    private final AtomicLong saved;

    /**
     * @param share retries that each request earns, 0 to 1
     * @param reserve retries that can be saved, and are there at the start
     */
    RetryAllowance(double share, int reserve) {
        this.earned = Math.round(share * RETRY);
        this.most = reserve * RETRY;
        this.saved = new AtomicLong(most);
    }

    void earn() {
        if (saved.get() < most) {
            saved.accumulateAndGet(earned, (before, more) -> Math.min(most, before + more));
        }
    }

    /** Whether a retry could be had, so that it is worth giving up an attempt for one. */
    boolean isLeft() {
        return saved.get() >= RETRY;
    }

    boolean spend() {
        return saved.getAndUpdate(before -> before >= RETRY ? before - RETRY : before) >= RETRY;
    }
}
