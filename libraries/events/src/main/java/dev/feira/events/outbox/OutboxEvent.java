package dev.feira.events.outbox;

import java.time.Instant;

/**
 * Something that happened to an aggregate.
 *
 * @param aggregateType e.g. {@code order}
 * @param aggregateId the events of one aggregate stay in order
 * @param type what happened, in the past tense, with the version of its data, e.g. {@code order.confirmed.v1}
 * @param data what the type's schema says; written as JSON
 * @param at when it happened
 */
public record OutboxEvent(String aggregateType, String aggregateId, String type, Object data, Instant at) {}
