package dev.feira.order.saga;

/** The steps of an order's saga. Each is one effect on another party, idempotent under the order's id. */
public enum SagaStep {
    /** Holds the stock: all lines or none. */
    RESERVE_STOCK(Participant.CATALOG),
    /** Asks for the payment. */
    CHARGE_PAYMENT(Participant.PAYMENTS),
    /** Asks what became of a charge that the provider left open. */
    AWAIT_PAYMENT(Participant.PAYMENTS),
    /** Takes the held stock out for good. */
    CONFIRM_STOCK(Participant.CATALOG),
    /** Compensation: gives the stock free, whatever became of the reservation. */
    RELEASE_STOCK(Participant.CATALOG),
    /** Compensation: makes sure that no charge of a cancelled order is open, and finds out whether one was taken. */
    STOP_PAYMENT(Participant.PAYMENTS),
    /** Compensation: gives a taken payment back. */
    REFUND_PAYMENT(Participant.PAYMENTS),
    /** Compensation: puts sold stock back. */
    RETURN_STOCK(Participant.CATALOG);

    /** Who a step calls. Steps of one party never wait for those of the other. */
    public enum Participant {
        CATALOG,
        PAYMENTS
    }

    private final Participant participant;

    SagaStep(Participant participant) {
        this.participant = participant;
    }

    /** Returns who the step calls. */
    public Participant participant() {
        return participant;
    }
}
