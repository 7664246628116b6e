package dev.feira.order.catalog;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.UUID;

/**
 * A reservation in the catalog.
 *
 * @param orderId the order, under whose id it is made
 * @param status where it stands
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CatalogReservation(UUID orderId, Status status) {

    /** Where a reservation stands. */
    public enum Status {
        HELD,
        CONFIRMED,
        RELEASED,
        EXPIRED,
        RETURNED
    }
}
