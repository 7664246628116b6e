package dev.feira.payment.domain;

/** Where a charge stands. All but {@link #PENDING} are final. */
public enum ChargeStatus {
    /** The money was taken. */
    SUCCEEDED,
    /** The card was refused; no money moved. */
    DECLINED,
    /** Not decided yet; a webhook will tell. */
    PENDING,
    /** Withdrawn by the shop while it was pending; no money moved. */
    CANCELLED
}
