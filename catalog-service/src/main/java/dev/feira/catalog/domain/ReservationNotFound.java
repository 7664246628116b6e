package dev.feira.catalog.domain;

import java.util.UUID;

/** Thrown when the order has no reservation. */
public class ReservationNotFound extends RuntimeException {

    public ReservationNotFound(UUID orderId) {
        super("The order " + orderId + " has no reservation.");
    }
}
