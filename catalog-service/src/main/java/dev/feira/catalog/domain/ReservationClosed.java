package dev.feira.catalog.domain;

import java.util.UUID;

/** Thrown when the reservation has ended; the order cannot reserve again. */
public class ReservationClosed extends RuntimeException {

    private final ReservationStatus status;

    public ReservationClosed(UUID orderId, ReservationStatus status) {
        super("The reservation of order " + orderId + " is closed: its status is " + status + ".");
        this.status = status;
    }

    public ReservationStatus status() {
        return status;
    }
}
