package dev.feira.gateway.filters;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps retries a small share of the requests: each request earns a part of a retry, each retry costs a whole one.
 */
final class RetryAllowance {

    private static final long RETRY = 1_000;

    private final long earned;
    private final long most;
    private final AtomicLong saved;

    /**
     * @param share retries that each request earns, 0 to 1
     * @param reserve retries that can be saved, and are available at the start
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

    /** Returns whether a retry is left, so that a slow attempt may be given up for one. */
    boolean isLeft() {
        return saved.get() >= RETRY;
    }

    boolean spend() {
        return saved.getAndUpdate(before -> before >= RETRY ? before - RETRY : before) >= RETRY;
    }
}
