package dev.feira.catalog.domain;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The reservations of all orders. Times are the database's, so that replicas need not agree on theirs. */
public interface Reservations {

    /**
     * Adds a reservation.
     *
     * @param hold how long from now the goods are held
     * @return the reservation, or nothing where the order has one already
     */
    Optional<Reservation> add(UUID orderId, ReservationStatus status, Lines lines, Duration hold);

    Optional<Reservation> find(UUID orderId);

    /** Returns the reservation and keeps it from changing until the transaction ends. */
    Optional<Reservation> lock(UUID orderId);

    /**
     * Returns held reservations whose time is over, oldest first, and keeps them from changing until the transaction
     * ends. Those that another replica is working on are left out, and so are the exceptions.
     */
    List<Reservation> lockOverdue(int limit, Set<UUID> except);

    /** Changes the status of some reservations. */
    void update(List<UUID> orderIds, ReservationStatus status);

    /**
     * Returns reservations, oldest first.
     *
     * @param status only those in this status; null for all
     * @param after where the page before ended, or null for the first page
     */
    Page<Reservation> page(@Nullable ReservationStatus status, @Nullable Position after, int limit);
}
