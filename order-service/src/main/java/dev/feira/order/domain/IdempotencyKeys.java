package dev.feira.order.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The idempotency keys that were used, and their responses. */
public interface IdempotencyKeys {

    /** Returns the use of the key by its owner and value, for any fingerprint. */
    Optional<Use> find(IdempotencyKey key);

    /**
     * Claims the key in the caller's transaction, so that the claim and its effect commit together or not at all. Waits
     * while another transaction claims the same key.
     *
     * @param orderId the order that is placed under the key; null where the request is rejected
     * @param response the response; null where {@link #complete} records it later
     * @param lease how long the request is in flight while there is no response
     * @return false where the key was claimed before
     */
    boolean claim(IdempotencyKey key, @Nullable UUID orderId, @Nullable RecordedResponse response, Duration lease);

    /**
     * Records the response of a claimed key, unless one is recorded already.
     *
     * @return the recorded response, this one or an earlier one
     */
    RecordedResponse complete(IdempotencyKey key, RecordedResponse response);

    /** Notes that a repeated request got the recorded response. */
    void countReplay(IdempotencyKey key);

    /** Returns how often the request of a customer that placed an order was repeated; nothing after the key was deleted. */
    Optional<Replays> replays(String customerId, UUID orderId);

    /**
     * Repeated requests that got the first response.
     *
     * @param last time of the last one; null where there is none
     */
    record Replays(int count, @Nullable Instant last) {}

    /** Deletes keys older than this; returns their number. */
    int deleteOlderThan(Duration age);

    /**
     * The use of a key.
     *
     * @param fingerprint of the request that used it
     * @param orderId the placed order; null where the request was rejected
     * @param inFlight there is no response yet, and the lease has not expired
     * @param response the recorded response
     */
    record Use(
            String fingerprint,
            @Nullable UUID orderId,
            boolean inFlight,
            @Nullable RecordedResponse response) {}
}
