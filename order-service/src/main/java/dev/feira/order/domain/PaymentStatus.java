package dev.feira.order.domain;

/** Where the payment of an order stands. */
public enum PaymentStatus {
    /** The provider has the charge and has not decided. */
    PENDING,
    /** Taken. */
    PAID,
    /** Refused by the provider; nothing was taken. */
    DECLINED,
    /** Stopped before it was taken. */
    CANCELLED,
    /** Taken, and on its way back. */
    REFUNDING,
    /** Given back in full. */
    REFUNDED
}
