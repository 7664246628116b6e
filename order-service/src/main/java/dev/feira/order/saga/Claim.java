package dev.feira.order.saga;

import java.util.UUID;

/**
 * The right to do a step, for the time of the lease.
 *
 * @param orderId the order
 * @param step what to do
 * @param attempt which attempt this is, from 1; a result counts only while no later attempt was begun
 */
public record Claim(UUID orderId, SagaStep step, int attempt) {}
