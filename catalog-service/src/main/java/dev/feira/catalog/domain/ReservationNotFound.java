package dev.feira.catalog.domain;

import java.util.UUID;

/** The order has never reserved anything. */
public class ReservationNotFound extends RuntimeException {

    public ReservationNotFound(UUID orderId) {
        super("The order " + orderId + " has no reservation.");
    }
}
