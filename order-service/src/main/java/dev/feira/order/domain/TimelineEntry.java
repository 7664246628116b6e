package dev.feira.order.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to an order.
 *
 * @param at when
 * @param type what
 * @param detail more about it, for people
 */
public record TimelineEntry(Instant at, Type type, @Nullable String detail) {

    /** What can happen to an order. */
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
