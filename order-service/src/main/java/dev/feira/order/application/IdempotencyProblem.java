package dev.feira.order.application;

/** The request cannot be answered under its Idempotency-Key; nothing was changed. */
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

    /** The first request with this key is still being worked on. */
    public static final class InFlight extends IdempotencyProblem {
        InFlight() {
            super("The first request with this Idempotency-Key is still being answered.");
        }
    }
}
