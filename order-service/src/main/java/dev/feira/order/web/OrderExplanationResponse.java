package dev.feira.order.web;

import dev.feira.order.application.OrderExplanation;
import dev.feira.order.domain.OrderStatus;
import dev.feira.order.domain.TimelineEntry;
import dev.feira.order.saga.SagaStep;
import dev.feira.order.saga.SagaStep.Participant;
import dev.feira.order.saga.StepAttempt;
import dev.feira.order.saga.StepAttempt.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an order.
 *
 * @param traceId the trace in logs and traces
 * @param replays repeated requests that got the first response again; null after two days
 * @param lastReplayAt time of the last one
 * @param changes the order's own timeline
 * @param steps attempts of the saga's steps, oldest first
 * @param events published events
 */
record OrderExplanationResponse(
        UUID orderId,
        OrderStatus status,
        Instant placedAt,
        @Nullable String traceId,
        @Nullable Integer replays,
        @Nullable Instant lastReplayAt,
        List<TimelineEntry> changes,
        List<StepResponse> steps,
        List<EventResponse> events) {

    /**
     * An attempt of a step.
     *
     * @param lastAttempt the same; of the attempts after the twentieth, which are one entry, the number of the last
     * @param replica who made it; for staff
     * @param beganAt of a waiting attempt: when it is due
     * @param error why it had no result; for staff
     */
    record StepResponse(
            SagaStep step,
            Participant participant,
            int attempt,
            int lastAttempt,
            Outcome outcome,
            Instant beganAt,
            @Nullable Instant endedAt,
            @Nullable String replica,
            @Nullable String error) {

        static StepResponse of(StepAttempt attempt, boolean staff) {
            return new StepResponse(
                    attempt.step(),
                    attempt.step().participant(),
                    attempt.attempt(),
                    attempt.lastAttempt(),
                    attempt.outcome(),
                    attempt.beganAt(),
                    attempt.endedAt(),
                    staff ? attempt.replica() : null,
                    staff ? attempt.error() : null);
        }
    }

    /** An event of the feed. */
    record EventResponse(UUID id, String type, Instant at) {}

    static OrderExplanationResponse of(OrderExplanation explanation, boolean staff) {
        var order = explanation.order();
        var replays = explanation.replays();
        return new OrderExplanationResponse(
                order.id(),
                order.status(),
                order.placedAt(),
                explanation.traceId(),
                replays == null ? null : replays.count(),
                replays == null ? null : replays.last(),
                order.timeline(),
                explanation.attempts().stream()
                        .map(attempt -> StepResponse.of(attempt, staff))
                        .toList(),
                explanation.events().stream()
                        .map(event -> new EventResponse(event.id(), event.type(), event.at()))
                        .toList());
    }
}
