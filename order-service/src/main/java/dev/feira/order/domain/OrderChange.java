package dev.feira.order.domain;

/**
 * One transition of an order. Both are the same instance where nothing changed.
 *
 * @param before the order before the transition
 * @param after the order after it
 */
public record OrderChange(Order before, Order after) {

    /** Returns whether the transition changed the status to this one. */
    public boolean entered(OrderStatus status) {
        return after.status() == status && before.status() != status;
    }

    /** Returns whether the transition changed the payment's status to this one. */
    public boolean entered(PaymentStatus status) {
        return after.paymentStatus() == status && before.paymentStatus() != status;
    }
}
