package dev.feira.catalog.domain;

import static dev.feira.catalog.domain.Account.AVAILABLE;
import static dev.feira.catalog.domain.Account.RESERVED;
import static dev.feira.catalog.domain.Account.SOLD;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The reserved goods of one order. Every transition is idempotent.
 *
 * @param orderId the order's id, which is the reservation's id as well
 * @param lines the reserved goods; none in the tombstone of an order that was released before it reserved
 * @param expiresAt when a held reservation expires
 */
public record Reservation(UUID orderId, ReservationStatus status, Lines lines, Instant expiresAt) {

    /**
     * A transition of the reservation.
     *
     * @param to the next status
     * @param transfer the transfer of the goods, if any
     */
    public record Step(ReservationStatus to, Optional<Transfer> transfer) {

        static Step of(ReservationStatus to) {
            return new Step(to, Optional.empty());
        }

        static Step of(ReservationStatus to, Account from, Account into) {
            return new Step(to, Optional.of(new Transfer(from, into)));
        }
    }

    /** Returns the reservation with another status. */
    public Reservation in(ReservationStatus next) {
        return new Reservation(orderId, next, lines, expiresAt);
    }

    /**
     * Checks a repeated request to reserve.
     *
     * @throws ReservationClosed the reservation has ended; goods are not reserved a second time
     * @throws ReservationDiffers the request has other lines
     */
    public void requireSameLines(Lines wanted) {
        switch (status) {
            case RELEASED, EXPIRED, RETURNED -> throw new ReservationClosed(orderId, status);
            case HELD, CONFIRMED -> {
                if (!lines.equals(wanted)) {
                    throw new ReservationDiffers(orderId);
                }
            }
        }
    }

    /**
     * Sells the goods of a paid order. After expiry, takes them from the available stock again.
     *
     * @throws ReservationClosed the order has released its reservation
     */
    public Step confirm() {
        return switch (status) {
            case HELD -> Step.of(ReservationStatus.CONFIRMED, RESERVED, SOLD);
            case EXPIRED -> Step.of(ReservationStatus.CONFIRMED, AVAILABLE, SOLD);
            case CONFIRMED -> Step.of(ReservationStatus.CONFIRMED);
            case RELEASED, RETURNED -> throw new ReservationClosed(orderId, status);
        };
    }

    /**
     * Returns all goods of the order to the available stock, including sold ones, and closes the reservation. Never fails, so
     * that an order can always be cancelled.
     */
    public Step release() {
        return switch (status) {
            case HELD -> Step.of(ReservationStatus.RELEASED, RESERVED, AVAILABLE);
            case CONFIRMED -> Step.of(ReservationStatus.RETURNED, SOLD, AVAILABLE);
            case EXPIRED -> Step.of(ReservationStatus.RELEASED);
            case RELEASED, RETURNED -> Step.of(status);
        };
    }

    /**
     * Restocks the goods of a returned order.
     *
     * @throws ReservationNotConfirmed the goods were not sold
     */
    public Step restock() {
        return switch (status) {
            case CONFIRMED -> Step.of(ReservationStatus.RETURNED, SOLD, AVAILABLE);
            case RETURNED -> Step.of(ReservationStatus.RETURNED);
            case HELD, RELEASED, EXPIRED -> throw new ReservationNotConfirmed(orderId, status);
        };
    }

    /** Returns the goods of an overdue reservation to the available stock. */
    public Step expire() {
        return status == ReservationStatus.HELD
                ? Step.of(ReservationStatus.EXPIRED, RESERVED, AVAILABLE)
                : Step.of(status);
    }
}
