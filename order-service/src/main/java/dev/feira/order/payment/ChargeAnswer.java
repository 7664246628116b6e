package dev.feira.order.payment;

/** What the provider says to a wish to charge. */
public sealed interface ChargeAnswer {

    /** There is a charge; its status says what became of it. */
    record Made(Charge charge) implements ChargeAnswer {}

    /**
     * There is no charge and there will be none: the provider does not accept the token.
     *
     * @param detail for people
     */
    record TokenRefused(String detail) implements ChargeAnswer {}
}
