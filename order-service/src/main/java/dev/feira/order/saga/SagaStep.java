package dev.feira.order.saga;

import java.util.Arrays;
import java.util.List;

/** The steps of an order's saga. Each has one effect on a participant, idempotent under the order's id. */
public enum SagaStep {
    /** Reserves the stock: all lines or none. */
    RESERVE_STOCK(Participant.CATALOG),
    /** Charges the card. */
    CHARGE_PAYMENT(Participant.PAYMENTS),
    /** Reads a pending charge until the provider has decided. */
    AWAIT_PAYMENT(Participant.PAYMENTS),
    /** Takes the reserved stock out for good. */
    CONFIRM_STOCK(Participant.CATALOG),
    /** Compensation: releases the reservation, in whatever state it is. */
    RELEASE_STOCK(Participant.CATALOG),
    /** Compensation: cancels an open charge of a cancelled order, and finds out whether it was taken. */
    STOP_PAYMENT(Participant.PAYMENTS),
    /** Compensation: refunds a taken payment. */
    REFUND_PAYMENT(Participant.PAYMENTS),
    /** Compensation: restocks confirmed stock. */
    RETURN_STOCK(Participant.CATALOG);

    /** The service that a step calls. Each participant has its own permits. */
    public enum Participant {
        CATALOG,
        PAYMENTS;

        /** Returns the names of the steps that call this participant. */
        List<String> steps() {
            return Arrays.stream(SagaStep.values())
                    .filter(step -> step.participant == this)
                    .map(SagaStep::name)
                    .toList();
        }
    }

    private final Participant participant;

    SagaStep(Participant participant) {
        this.participant = participant;
    }

    /** Returns the service that the step calls. */
    public Participant participant() {
        return participant;
    }
}
