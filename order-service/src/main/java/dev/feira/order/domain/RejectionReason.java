package dev.feira.order.domain;

/** Why an order was rejected. An outage is never a reason. */
public enum RejectionReason {
    OUT_OF_STOCK,
    /** A product was archived after the order was placed. */
    PRODUCT_UNAVAILABLE,
    PAYMENT_DECLINED,
    /** The charge was pending for too long and was cancelled. */
    PAYMENT_NOT_COMPLETED,
    /** The reservation expired during the payment and the stock was sold; the payment is refunded. */
    RESERVATION_EXPIRED
}
