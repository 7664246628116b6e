package dev.feira.order.application;

import dev.feira.order.domain.RecordedResponse;

/**
 * Writes the responses that are recorded with an Idempotency-Key.
 *
 * @param <T> what the request creates
 */
public interface ResponseWriter<T> {

    /** Writes the response to a request that created this. */
    RecordedResponse created(T created);

    /** Writes the response to a request that was rejected. */
    RecordedResponse rejected(InvalidOrder rejection);
}
