package dev.feira.payment.domain;

/** The status of a charge; all but {@link #PENDING} are final. */
public enum ChargeStatus {
    /** The card was charged. */
    SUCCEEDED,
    /** The card was declined; nothing was charged. */
    DECLINED,
    /** Not settled yet; a webhook reports the result. */
    PENDING,
    /** Cancelled by the shop while pending; nothing was charged. */
    CANCELLED
}
