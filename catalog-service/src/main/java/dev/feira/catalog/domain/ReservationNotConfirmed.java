package dev.feira.catalog.domain;

import java.util.UUID;

/** Nothing was sold under this reservation, so nothing can be brought back. */
public class ReservationNotConfirmed extends RuntimeException {

    private final ReservationStatus status;

    public ReservationNotConfirmed(UUID orderId, ReservationStatus status) {
        super("The reservation of order " + orderId + " is " + status + ": nothing was sold under it.");
        this.status = status;
    }

    public ReservationStatus status() {
        return status;
    }
}
