package dev.feira.order.payment;

/** The payment provider gave no answer, or one that cannot be used. What it did is unknown. */
public final class PaymentsUnavailable extends RuntimeException {

    PaymentsUnavailable(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
