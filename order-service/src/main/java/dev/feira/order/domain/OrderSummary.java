package dev.feira.order.domain;

import java.time.Instant;
import java.util.UUID;

/**
 * An order in a list.
 *
 * @param lineCount number of different products
 */
public record OrderSummary(
        UUID id,
        OrderStatus status,
        String customerId,
        Totals totals,
        int lineCount,
        Instant placedAt,
        Instant updatedAt) {}
