package dev.feira.events.inbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An event that could not be applied.
 *
 * @param attempts how often it was tried; 0 if it waits for an earlier event of the same subject
 * @param error why the last attempt failed
 * @param receivedAt when it was received
 * @param nextAttemptAt when it is tried again; null: never, until staff decide
 * @param event the event as it was received, without its data: they may have a link that acts for a user
 */
record ParkedEvent(
        String id,
        String feed,
        String type,
        String subject,
        int attempts,
        @Nullable String error,
        Instant receivedAt,
        @Nullable Instant nextAttemptAt,
        JsonNode event) {}
