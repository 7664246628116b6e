package dev.feira.catalog.domain;

/** The status of a reservation. */
public enum ReservationStatus {
    /** The goods are reserved until the reservation expires. */
    HELD,
    /** The goods are sold. */
    CONFIRMED,
    /** Released by the order; final. */
    RELEASED,
    /** Not confirmed in time: the goods are available again. A late confirmation may still sell them. */
    EXPIRED,
    /** Sold and restocked; final. */
    RETURNED
}
