package dev.feira.catalog.domain;

import java.util.UUID;

/** Thrown when the order has a reservation for other lines. */
public class ReservationDiffers extends RuntimeException {

    public ReservationDiffers(UUID orderId) {
        super("The order " + orderId + " has a reservation for other lines.");
    }
}
