package dev.feira.order.domain;

/** The status of an order. */
public enum OrderStatus {
    /** Accepted; neither reserved nor paid. */
    PLACED(false),
    /** The stock is reserved. */
    RESERVED(false),
    /** The payment is taken; the stock is not confirmed yet. */
    PAID(false),
    /** Paid, and the stock is confirmed: staff can pack it. */
    CONFIRMED(true),
    /** Sent to the customer. */
    SHIPPED(true),
    /** Received by the customer. */
    DELIVERED(true),
    /** Ended without stock or without payment; a taken payment is refunded. */
    REJECTED(true),
    /** Cancelled by the customer or by staff before shipping. */
    CANCELLED(true),
    /** Returned after shipping. */
    RETURNED(true);

    private final boolean settled;

    OrderStatus(boolean settled) {
        this.settled = settled;
    }

    /** Returns whether the result is known. Compensations may still run. */
    public boolean isSettled() {
        return settled;
    }

    /** Returns whether the address is needed: the order may still be sent, or is on its way. */
    public boolean needsAddress() {
        return switch (this) {
            case PLACED, RESERVED, PAID, CONFIRMED, SHIPPED -> true;
            case DELIVERED, REJECTED, CANCELLED, RETURNED -> false;
        };
    }

    /** Returns whether the shop keeps the payment in this status. */
    public boolean keepsPayment() {
        return switch (this) {
            case PAID, CONFIRMED, SHIPPED, DELIVERED -> true;
            case PLACED, RESERVED, REJECTED, CANCELLED, RETURNED -> false;
        };
    }
}
