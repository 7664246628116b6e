package dev.feira.local.client;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An order as its customer sees it. */
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

    private static final Set<String> UNDER_WAY = Set.of("PLACED", "RESERVED", "PAID");

    /** Whether the platform has done its part: confirmed or later, rejected, cancelled or returned. */
    public boolean isFinal() {
        return !UNDER_WAY.contains(status);
    }

    public boolean isConfirmed() {
        return status.equals("CONFIRMED");
    }

    /** What the payment provider says of the payment. */
    public record Payment(@Nullable String brand, @Nullable String last4, String status) {}

    /** Why it was rejected, e.g. {@code OUT_OF_STOCK}, {@code PAYMENT_DECLINED}. */
    public record Rejection(String reason, @Nullable String detail) {}

    /** What happened, oldest first. */
    public record Event(Instant at, String type, @Nullable String detail) {}
}
