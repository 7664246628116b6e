package dev.feira.order.application;

import dev.feira.order.domain.Order;
import dev.feira.order.domain.RecordedAnswer;

/** Writes the answers that are kept with an Idempotency-Key; the same input may give other bytes after an update. */
public interface AnswerWriter {

    /** Writes the answer to an order that was placed. */
    RecordedAnswer placed(Order order);

    /** Writes the answer to an order that was refused. */
    RecordedAnswer refused(OrderRefused refusal);
}
