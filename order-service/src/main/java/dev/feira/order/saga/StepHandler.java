package dev.feira.order.saga;

import dev.feira.order.domain.OrderChange;
import java.util.function.IntFunction;

/** Runs the remote part of the steps. */
public interface StepHandler {

    /**
     * Calls the participant, outside any transaction. A step may run more than once, and twice at the same time; it must
     * be idempotent.
     *
     * @return how to record the result
     * @throws RuntimeException the result is unknown: the step is retried later
     */
    StepResult perform(Claim claim);

    /** The result of a step. */
    sealed interface StepResult {

        /**
         * The step is done.
         *
         * @param change changes the order whose version is given; runs in the transaction that finishes the step and that
         *     holds the order's row lock
         */
        record Completed(IntFunction<OrderChange> change) implements StepResult {}

        /**
         * The participant has not decided yet: the step is retried later.
         *
         * @param reason for the log
         */
        record Pending(String reason) implements StepResult {}
    }
}
