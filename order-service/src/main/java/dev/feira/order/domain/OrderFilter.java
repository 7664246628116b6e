package dev.feira.order.domain;

import org.jspecify.annotations.Nullable;

/**
 * Which orders a list shows.
 *
 * @param customerId only this customer's; null for everyone's
 * @param status only those in this status; null for all
 */
public record OrderFilter(
        @Nullable String customerId, @Nullable OrderStatus status) {}
