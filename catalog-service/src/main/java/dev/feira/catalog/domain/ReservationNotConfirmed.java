package dev.feira.catalog.domain;

import java.util.UUID;

/** Thrown when goods are returned that were not sold. */
public class ReservationNotConfirmed extends RuntimeException {

    private final ReservationStatus status;

    public ReservationNotConfirmed(UUID orderId, ReservationStatus status) {
        super("The reservation of order " + orderId + " is " + status + ": its goods were not sold.");
        this.status = status;
    }

    public ReservationStatus status() {
        return status;
    }
}
