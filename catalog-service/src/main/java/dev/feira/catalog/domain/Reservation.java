package dev.feira.catalog.domain;

import static dev.feira.catalog.domain.Account.AVAILABLE;
import static dev.feira.catalog.domain.Account.RESERVED;
import static dev.feira.catalog.domain.Account.SOLD;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The goods of one order. Every step may be asked for again, and what an order asks for late or twice has no second
 * effect.
 *
 * @param orderId the order, whose id is the reservation's as well
 * @param lines what is reserved; none where the order gave up before it reserved
 * @param expiresAt until when the goods are held
 */
public record Reservation(UUID orderId, ReservationStatus status, Lines lines, Instant expiresAt) {

    /**
     * A step of the reservation.
     *
     * @param to the status afterwards
     * @param transfer what happens to the goods, or nothing
     */
    public record Step(ReservationStatus to, Optional<Transfer> transfer) {

        static Step of(ReservationStatus to) {
            return new Step(to, Optional.empty());
        }

        static Step of(ReservationStatus to, Account from, Account into) {
            return new Step(to, Optional.of(new Transfer(from, into)));
        }
    }

    /** Returns the reservation in another status. */
    public Reservation in(ReservationStatus next) {
        return new Reservation(orderId, next, lines, expiresAt);
    }

    /**
     * The order asks for its goods again.
     *
     * @throws ReservationClosed the goods were given up or taken back: they are not held a second time
     * @throws ReservationDiffers the order asks for something else now
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
     * The order is paid: the goods are sold. After the reservation expired they are taken from the shelf again, where
     * they still are.
     *
     * @throws ReservationClosed the order had given up
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
     * The order gives up: whatever it has goes back to the shelf, also what was sold to it, and nothing is reserved or
     * sold to it again. This never fails, so that an order can always be brought to an end.
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
     * The customer brought the goods back.
     *
     * @throws ReservationNotConfirmed nothing was sold
     */
    public Step restock() {
        return switch (status) {
            case CONFIRMED -> Step.of(ReservationStatus.RETURNED, SOLD, AVAILABLE);
            case RETURNED -> Step.of(ReservationStatus.RETURNED);
            case HELD, RELEASED, EXPIRED -> throw new ReservationNotConfirmed(orderId, status);
        };
    }

    /** Nobody confirmed in time: the goods go back to the shelf. */
    public Step expire() {
        return status == ReservationStatus.HELD
                ? Step.of(ReservationStatus.EXPIRED, RESERVED, AVAILABLE)
                : Step.of(status);
    }
}
