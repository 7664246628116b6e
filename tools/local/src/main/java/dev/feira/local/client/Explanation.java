package dev.feira.local.client;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to an order, as the API returns it. */
public record Explanation(
        UUID orderId,
        String status,
        Instant placedAt,
        @Nullable String traceId,
        @Nullable Integer replays,
        @Nullable Instant lastReplayAt,
        List<Order.Event> changes,
        List<Step> steps,
        List<PublishedEvent> events) {

    /** An attempt of a step. */
    public record Step(
            String step,
            String participant,
            int attempt,
            int lastAttempt,
            String outcome,
            Instant beganAt,
            @Nullable Instant endedAt,
            @Nullable String replica,
            @Nullable String error) {}

    /** A published event. */
    public record PublishedEvent(UUID id, String type, Instant at) {}

    /** A page of mail. */
    public record Mails(List<Mail> items) {}

    /** A mail, without its text. */
    public record Mail(String kind, String status, Instant createdAt) {}
}
