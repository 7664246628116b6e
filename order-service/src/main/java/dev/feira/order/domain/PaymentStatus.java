package dev.feira.order.domain;

/** The status of a payment. */
public enum PaymentStatus {
    /** The provider has not decided on the charge. */
    PENDING,
    /** Taken. */
    PAID,
    /** Declined by the provider. */
    DECLINED,
    /** Cancelled before it was taken. */
    CANCELLED,
    /** Taken; the refund is requested. */
    REFUNDING,
    /** Refunded in full. */
    REFUNDED
}
