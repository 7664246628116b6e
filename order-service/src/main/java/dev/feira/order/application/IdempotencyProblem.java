package dev.feira.order.application;

/** The Idempotency-Key cannot be used for the request; nothing was changed. */
public sealed class IdempotencyProblem extends RuntimeException {

    private IdempotencyProblem(String message) {
        super(message);
    }

    /** The key was used for another request. */
    public static final class Reused extends IdempotencyProblem {
        Reused() {
            super("This Idempotency-Key was used for another request.");
        }
    }

    /** The first request with this key has no response yet. */
    public static final class InFlight extends IdempotencyProblem {
        InFlight() {
            super("The first request with this Idempotency-Key is still running. Retry after 1 second.");
        }
    }
}
