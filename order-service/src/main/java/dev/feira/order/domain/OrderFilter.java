package dev.feira.order.domain;

import org.jspecify.annotations.Nullable;

/**
 * Selects the orders of a list.
 *
 * @param customerId only this customer's orders; null for all
 * @param status only orders in this status; null for all
 */
public record OrderFilter(
        @Nullable String customerId, @Nullable OrderStatus status) {}
