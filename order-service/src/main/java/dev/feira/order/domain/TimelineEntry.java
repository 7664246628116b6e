package dev.feira.order.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event in the timeline of an order.
 *
 * @param at its time
 * @param type its type
 * @param detail more, for people
 */
public record TimelineEntry(Instant at, Type type, @Nullable String detail) {

    /** The types of events. */
    public enum Type {
        PLACED,
        STOCK_RESERVED,
        PAYMENT_PENDING,
        PAYMENT_TAKEN,
        CONFIRMED,
        REJECTED,
        CANCELLED,
        STOCK_RELEASED,
        PAYMENT_STOPPED,
        REFUNDED,
        STOCK_RETURNED,
        SHIPPED,
        DELIVERED,
        RETURNED
    }
}
