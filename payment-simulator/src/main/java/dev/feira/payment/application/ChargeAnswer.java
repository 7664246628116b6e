package dev.feira.payment.application;

import dev.feira.payment.domain.Charge;
import java.time.Instant;

/** How a request to charge is answered; with some cards the answer is the difficult part. */
public sealed interface ChargeAnswer {

    /**
     * The charge, now.
     *
     * @param repeated whether an earlier request with the same key made it
     */
    record AtOnce(Charge charge, boolean repeated) implements ChargeAnswer {}

    /** The charge, but not before {@code notBefore}. */
    record Late(Charge charge, boolean repeated, Instant notBefore) implements ChargeAnswer {}

    /** The charge was made, and nobody is told: the connection ends. */
    record Never(Charge charge) implements ChargeAnswer {}

    /** Nothing was charged; the server says that it is broken. */
    record Broken() implements ChargeAnswer {}
}
