package dev.feira.catalog.domain;

import java.util.UUID;

/** Thrown when the reservation has expired and its goods are sold out. */
public class ReservationExpired extends RuntimeException {

    public ReservationExpired(UUID orderId) {
        super("The reservation of order " + orderId + " has expired and stock is short.");
    }
}
