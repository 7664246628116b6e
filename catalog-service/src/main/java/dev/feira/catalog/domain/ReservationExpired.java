package dev.feira.catalog.domain;

import java.util.UUID;

/** The reservation has expired and its goods are gone. */
public class ReservationExpired extends RuntimeException {

    public ReservationExpired(UUID orderId) {
        super("The reservation of order " + orderId + " has expired, and its goods were sold to others.");
    }
}
