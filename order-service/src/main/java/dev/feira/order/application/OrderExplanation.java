package dev.feira.order.application;

import dev.feira.events.outbox.Outbox;
import dev.feira.order.domain.IdempotencyKeys.Replays;
import dev.feira.order.domain.Order;
import dev.feira.order.saga.StepAttempt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an order, from what order-service has stored.
 *
 * @param traceId the trace of the request that placed it, as in logs and traces; null for orders before it was recorded
 * @param replays repeated requests that got the first response; null after the idempotency key was deleted
 * @param attempts every attempt of every step
 * @param events published events, as far as they are kept
 */
public record OrderExplanation(
        Order order,
        @Nullable String traceId,
        @Nullable Replays replays,
        List<StepAttempt> attempts,
        List<Outbox.PublishedEvent> events) {}
