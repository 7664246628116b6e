package dev.feira.order.saga;

/** Told of each point at which a process can die with a different result. */
@FunctionalInterface
interface StepListener {

    /** The points of one attempt, in their order. */
    enum Point {
        /** The step is claimed; the other party was not called. */
        CLAIMED,
        /** The other party has answered; nothing is recorded. */
        ANSWERED,
        /** The answer is recorded, its transaction still open. */
        RECORDED,
        /** The transaction has committed; what follows was not begun. */
        COMMITTED
    }

    /** Called in the thread that does the step. */
    void reached(Point point, Claim claim);
}
