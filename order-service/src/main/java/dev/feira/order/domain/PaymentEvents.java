package dev.feira.order.domain;

import java.time.Duration;

/** The payment provider's messages that were taken. */
public interface PaymentEvents {

    /**
     * Remembers the message, in the caller's transaction.
     *
     * @return false where it was taken before
     */
    boolean add(PaymentEvent event);

    /** Forgets messages older than this; returns how many. */
    int deleteOlderThan(Duration age);
}
