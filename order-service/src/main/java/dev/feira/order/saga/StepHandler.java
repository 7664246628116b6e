package dev.feira.order.saga;

/** Does the steps; what they are is known to the use cases. */
public interface StepHandler {

    /**
     * Does the remote part of a step, outside any transaction. It may be done more than once, and twice at the same
     * time, and must have one effect.
     *
     * @return what to do with the answer
     * @throws RuntimeException there is no answer yet: the step is tried again later
     */
    StepResult perform(Claim claim);

    /** What became of a step. */
    sealed interface StepResult {

        /**
         * There is an answer.
         *
         * @param effect records it; run in the transaction that finishes the step, under the order's row lock
         */
        record Completed(Runnable effect) implements StepResult {}

        /**
         * The other party answered that it is not done yet.
         *
         * @param why for the log
         */
        record Pending(String why) implements StepResult {}
    }
}
