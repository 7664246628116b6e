package dev.feira.order.payment;

/** What the provider says to a wish to charge. */
public sealed interface ChargeResult {

    /** There is a charge; its status says what became of it. */
    record Made(Charge charge) implements ChargeResult {}

    /**
     * There is no charge and there will be none: the provider does not accept the token.
     *
     * @param detail for people
     */
    record TokenRejected(String detail) implements ChargeResult {}
}
