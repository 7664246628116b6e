package dev.feira.order.domain;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The keys that were used, and what they led to. */
public interface IdempotencyKeys {

    /** Returns what is known of the key's owner and value, whatever its fingerprint. */
    Optional<Use> find(IdempotencyKey key);

    /**
     * Claims the key in the caller's transaction, so that the claim and its effect commit together or not at all. Waits
     * while another transaction claims the same key.
     *
     * @param orderId the order that is placed under the key; null where the request was refused
     * @param answer what to answer; null where it will follow through {@link #complete}
     * @param lease how long others are told that the request is in flight while there is no answer
     * @return false where the key is taken
     */
    boolean claim(IdempotencyKey key, @Nullable UUID orderId, @Nullable RecordedResponse answer, Duration lease);

    /**
     * Records the answer to a claimed key, unless one is there already.
     *
     * @return the answer that is on record, this one or an earlier one
     */
    RecordedResponse complete(IdempotencyKey key, RecordedResponse answer);

    /** Forgets keys older than this; returns how many. */
    int deleteOlderThan(Duration age);

    /**
     * What a key was used for.
     *
     * @param fingerprint of the request that used it
     * @param orderId the order placed; null where the request was refused
     * @param inFlight there is no answer yet, and the lease of the one who works on it still runs
     * @param answer the answer on record
     */
    record Use(
            String fingerprint,
            @Nullable UUID orderId,
            boolean inFlight,
            @Nullable RecordedResponse answer) {}
}
