package dev.feira.order.domain;

/** Why an order could not be served. An outage is never among the reasons. */
public enum RejectionReason {
    OUT_OF_STOCK,
    /** A product was taken out of the catalog between placing and reserving. */
    PRODUCT_UNAVAILABLE,
    PAYMENT_DECLINED,
    /** The provider left the charge open for too long, and it was stopped. */
    PAYMENT_NOT_COMPLETED,
    /** The reservation ran out while the payment was open, and the stock went to others; the payment is refunded. */
    RESERVATION_EXPIRED
}
