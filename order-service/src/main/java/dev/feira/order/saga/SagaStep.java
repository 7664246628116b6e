package dev.feira.order.saga;

/** The steps of an order's saga. Each is one effect on another party, idempotent under the order's id. */
public enum SagaStep {
    /** Holds the stock: all lines or none. */
    RESERVE_STOCK(Party.CATALOG),
    /** Asks for the payment. */
    CHARGE_PAYMENT(Party.PAYMENTS),
    /** Asks what became of a charge that the provider left open. */
    AWAIT_PAYMENT(Party.PAYMENTS),
    /** Takes the held stock out for good. */
    CONFIRM_STOCK(Party.CATALOG),
    /** Compensation: gives the stock free, whatever became of the reservation. */
    RELEASE_STOCK(Party.CATALOG),
    /** Compensation: makes sure that no charge of a cancelled order is open, and finds out whether one was taken. */
    STOP_PAYMENT(Party.PAYMENTS),
    /** Compensation: gives a taken payment back. */
    REFUND_PAYMENT(Party.PAYMENTS),
    /** Compensation: puts sold stock back. */
    RETURN_STOCK(Party.CATALOG);

    /** Who a step calls. Steps of one party never wait for those of the other. */
    public enum Party {
        CATALOG,
        PAYMENTS
    }

    private final Party party;

    SagaStep(Party party) {
        this.party = party;
    }

    /** Returns who the step calls. */
    public Party party() {
        return party;
    }
}
