package dev.feira.order.saga;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attempt of a step, or the attempts after the twentieth together.
 *
 * @param attempt its number, from 1
 * @param lastAttempt the same; of several attempts the number of the last, whose replica, end, outcome and error these are
 * @param replica the replica that made it; null where none has yet, and for attempts before this was recorded
 * @param beganAt when it began; of a waiting one when it is due
 * @param endedAt when it ended; null while it runs or waits
 * @param error why it has no result; null where it has, or runs, or waits
 */
public record StepAttempt(
        SagaStep step,
        int attempt,
        int lastAttempt,
        @Nullable String replica,
        Instant beganAt,
        @Nullable Instant endedAt,
        Outcome outcome,
        @Nullable String error) {

    /** What became of an attempt. */
    public enum Outcome {
        /** The step has its result. */
        DONE,
        /** No result: another attempt follows. */
        FAILED,
        /** The payment company has not decided yet: another attempt follows. */
        PENDING,
        /** The order was cancelled meanwhile: the result does not matter. */
        ABANDONED,
        /** It runs now. */
        RUNNING,
        /** It is due later. */
        WAITING
    }
}
