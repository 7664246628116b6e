package dev.feira.payment.application;

import dev.feira.payment.domain.Charge;
import java.time.Instant;

/** The result of a request to charge, and how to respond to it. */
public sealed interface ChargeResult {

    /**
     * Respond with the charge.
     *
     * @param repeated whether an earlier request with the same key created it
     */
    record Immediate(Charge charge, boolean repeated) implements ChargeResult {}

    /** Respond with the charge at {@code notBefore}. */
    record Delayed(Charge charge, boolean repeated, Instant notBefore) implements ChargeResult {}

    /** Close the connection without a response; the charge exists. */
    record Dropped(Charge charge) implements ChargeResult {}

    /** Respond with 500; nothing was charged. */
    record Failed() implements ChargeResult {}
}
