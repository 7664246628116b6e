package dev.feira.events.outbox;

/** The position of a request is none of this feed. */
final class InvalidFeedPosition extends RuntimeException {

    /** @param problem continues "The position …" */
    InvalidFeedPosition(String problem) {
        super("The position " + problem + ". Use the `position` of an event of this feed.");
    }
}
