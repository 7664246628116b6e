package dev.feira.order.domain;

/** Where an order stands. */
public enum OrderStatus {
    /** Accepted; stock and payment are still to come. */
    PLACED(false),
    /** The stock is held for it. */
    RESERVED(false),
    /** The payment is taken; the stock is still to be confirmed. */
    PAID(false),
    /** Paid and its stock taken: the platform's work is done, a person packs it. */
    CONFIRMED(true),
    /** On its way. */
    SHIPPED(true),
    /** With the customer. */
    DELIVERED(true),
    /** Could not be served: no stock, or no payment. Nothing is owed. */
    REJECTED(true),
    /** Given up by the customer or by staff before shipping. */
    CANCELLED(true),
    /** Came back after shipping. */
    RETURNED(true);

    private final boolean settled;

    OrderStatus(boolean settled) {
        this.settled = settled;
    }

    /** Returns whether the platform has decided: nothing further happens without a person. */
    public boolean isSettled() {
        return settled;
    }

    /** Returns whether the customer's money is to be with the shop in this status. */
    public boolean keepsPayment() {
        return switch (this) {
            case PAID, CONFIRMED, SHIPPED, DELIVERED -> true;
            case PLACED, RESERVED, REJECTED, CANCELLED, RETURNED -> false;
        };
    }
}
