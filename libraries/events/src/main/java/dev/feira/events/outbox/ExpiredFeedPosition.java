package dev.feira.events.outbox;

/** Events after the position of a request have been deleted. */
final class ExpiredFeedPosition extends RuntimeException {

    ExpiredFeedPosition() {
        super("Events after this position have been deleted.");
    }
}
