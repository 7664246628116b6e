package dev.feira.order.domain;

import java.time.Duration;

/** Stores the payment provider's messages that were handled. */
public interface PaymentEvents {

    /**
     * Stores the message, in the caller's transaction.
     *
     * @return false where it is stored already
     */
    boolean add(PaymentEvent event);

    /** Deletes messages older than this; returns their number. */
    int deleteOlderThan(Duration age);
}
