package dev.feira.payment.application;

import dev.feira.payment.domain.Charge;
import java.time.Instant;

/** How a request to charge is answered; with some cards the answer is the difficult part. */
public sealed interface ChargeResult {

    /**
     * The charge, now.
     *
     * @param repeated whether an earlier request with the same key made it
     */
    record Immediate(Charge charge, boolean repeated) implements ChargeResult {}

    /** The charge, but not before {@code notBefore}. */
    record Delayed(Charge charge, boolean repeated, Instant notBefore) implements ChargeResult {}

    /** The charge was made, and nobody is told: the connection ends. */
    record Dropped(Charge charge) implements ChargeResult {}

    /** Nothing was charged; the server says that it is broken. */
    record Failed() implements ChargeResult {}
}
