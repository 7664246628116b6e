package dev.feira.order.web;

import dev.feira.order.domain.OrderStatus;
import dev.feira.order.domain.OrderSummary;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A page of a list of orders, newest first; {@code nextCursor} is null on the last page. */
record OrderPage(List<Summary> items, @Nullable String nextCursor) {

    /** An order in a list. */
    record Summary(
            UUID id,
            OrderStatus status,
            String customerId,
            Instant placedAt,
            Instant updatedAt,
            TotalsResponse totals,
            int lineCount) {

        static Summary of(OrderSummary order) {
            return new Summary(
                    order.id(),
                    order.status(),
                    order.customerId(),
                    order.placedAt(),
                    order.updatedAt(),
                    TotalsResponse.of(order.totals()),
                    order.lineCount());
        }
    }
}
