package dev.feira.catalog.domain;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores the reservations. Uses the database's clock, which all replicas share. */
public interface Reservations {

    /**
     * Adds a reservation.
     *
     * @param hold time until the reservation expires
     * @return the reservation, or nothing if the order has one
     */
    Optional<Reservation> add(UUID orderId, ReservationStatus status, Lines lines, Duration hold);

    Optional<Reservation> find(UUID orderId);

    /** Locks the reservation until the transaction ends and returns it. */
    Optional<Reservation> lock(UUID orderId);

    /**
     * Locks overdue reservations until the transaction ends and returns them, oldest first. Skips the exceptions and
     * reservations that another replica has locked.
     */
    List<Reservation> lockOverdue(int limit, Set<UUID> except);

    /** Changes the status of the reservations. */
    void update(List<UUID> orderIds, ReservationStatus status);

    /**
     * Returns reservations, oldest first.
     *
     * @param status the status to select; null for all
     * @param after the end of the previous page, or null for the first page
     */
    Page<Reservation> page(@Nullable ReservationStatus status, @Nullable Position after, int limit);
}
