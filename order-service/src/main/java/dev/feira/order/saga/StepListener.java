package dev.feira.order.saga;

/** Is called at each point at which a crash of the process has a different effect; for tests. */
@FunctionalInterface
interface StepListener {

    /** The points of one attempt, in their order. */
    enum Point {
        /** The step is claimed; the participant was not called. */
        CLAIMED,
        /** The participant has responded; nothing is recorded. */
        RESPONDED,
        /** The result is recorded; its transaction is still open. */
        RECORDED,
        /** The transaction has committed; the next step has not started. */
        COMMITTED
    }

    /** Called in the thread that runs the step. */
    void reached(Point point, Claim claim);
}
