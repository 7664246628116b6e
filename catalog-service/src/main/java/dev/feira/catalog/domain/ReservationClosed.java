package dev.feira.catalog.domain;

import java.util.UUID;

/** The reservation has ended; the order cannot have another one. */
public class ReservationClosed extends RuntimeException {

    private final ReservationStatus status;

    public ReservationClosed(UUID orderId, ReservationStatus status) {
        super("The reservation of order " + orderId + " has ended: it is " + status + ".");
        this.status = status;
    }

    public ReservationStatus status() {
        return status;
    }
}
