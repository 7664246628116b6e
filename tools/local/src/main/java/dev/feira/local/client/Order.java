package dev.feira.local.client;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An order as the API returns it to its customer. */
public record Order(
        UUID id,
        String status,
        @Nullable String customerId,
        Instant placedAt,
        @Nullable Instant updatedAt,
        List<Quote.PricedLine> lines,
        Quote.Totals totals,
        @Nullable Address deliveryAddress,
        @Nullable Payment payment,
        @Nullable Rejection rejection,
        List<Event> timeline) {

    private static final Set<String> IN_PROGRESS = Set.of("PLACED", "RESERVED", "PAID");

    /** Whether the saga has ended: confirmed or later, rejected, cancelled or returned. */
    public boolean isFinal() {
        return !IN_PROGRESS.contains(status);
    }

    public boolean isConfirmed() {
        return status.equals("CONFIRMED");
    }

    /** The payment at the payment provider. */
    public record Payment(@Nullable String brand, @Nullable String last4, String status) {}

    /** The reason of a rejection, e.g. {@code OUT_OF_STOCK}, {@code PAYMENT_DECLINED}. */
    public record Rejection(String reason, @Nullable String detail) {}

    /** A step in the order's history. */
    public record Event(Instant at, String type, @Nullable String detail) {}
}
