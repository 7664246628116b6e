package dev.feira.order.saga;

import dev.feira.order.domain.Order;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The right to run a step until its lease expires.
 *
 * @param orderId the order
 * @param step the step to run
 * @param attempt the number of the attempt, from 1; a result is recorded only while no later attempt has started
 * @param traceparent the trace that the step belongs to, whichever replica runs it; null: none
 * @param order the order as the transaction that added the step stored it; null where it has to be read
 */
public record Claim(
        UUID orderId,
        SagaStep step,
        int attempt,
        @Nullable String traceparent,
        @Nullable Order order) {}
