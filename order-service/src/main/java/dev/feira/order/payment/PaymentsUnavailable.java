package dev.feira.order.payment;

/** The payment provider gave no usable response; the effect of the call is unknown. */
public final class PaymentsUnavailable extends RuntimeException {

    PaymentsUnavailable(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
