package dev.feira.events.inbox;

import dev.feira.events.CloudEvent;
import java.util.Set;

/** Applies the events of a feed. */
public interface EventHandler {

    /** Returns the name of the feed, e.g. {@code orders}. */
    String feed();

    /**
     * Returns the handled types with their versions, e.g. {@code order.confirmed.v1}. Another version of one of them is parked;
     * types of other names are skipped.
     */
    Set<String> types();

    /**
     * Returns the types after which nothing that happened before matters, such as an erasure. Earlier events of the same subject
     * that could not be applied are dropped: they would hold it up, and have data that must not stay.
     */
    default Set<String> finalTypes() {
        return Set.of();
    }

    /**
     * Applies an event, in the transaction that moves the position in the feed. The inbox passes each event once.
     *
     * @throws RuntimeException the event cannot be applied: it is tried again later, and at last parked
     */
    void handle(CloudEvent event);
}
