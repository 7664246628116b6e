package dev.feira.order.payment;

/** The result of a request to charge a card. */
public sealed interface ChargeResult {

    /** The charge exists; its status is the result. */
    record Made(Charge charge) implements ChargeResult {}

    /**
     * The provider rejected the token; there is no charge.
     *
     * @param detail for people
     */
    record TokenRejected(String detail) implements ChargeResult {}
}
