package dev.feira.order.application;

import dev.feira.order.domain.Order;
import dev.feira.order.domain.RecordedResponse;

/** Writes the answers that are kept with an Idempotency-Key; the same input may give other bytes after an update. */
public interface ResponseWriter {

    /** Writes the answer to an order that was placed. */
    RecordedResponse placed(Order order);

    /** Writes the answer to an order that was refused. */
    RecordedResponse refused(InvalidOrder refusal);
}
