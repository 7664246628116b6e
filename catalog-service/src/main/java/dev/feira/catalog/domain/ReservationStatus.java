package dev.feira.catalog.domain;

/** How far a reservation has come. */
public enum ReservationStatus {
    /** The goods are set aside until the reservation expires. */
    HELD,
    /** The goods are sold. */
    CONFIRMED,
    /** Given up by the order; final. */
    RELEASED,
    /** Not confirmed in time: the goods are on the shelf again, and may be taken once more by confirming. */
    EXPIRED,
    /** Sold and brought back; final. */
    RETURNED
}
