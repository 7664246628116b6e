package dev.feira.catalog.domain;

import static dev.feira.catalog.domain.Account.AVAILABLE;
import static dev.feira.catalog.domain.Account.RESERVED;
import static dev.feira.catalog.domain.Account.SOLD;
import static dev.feira.catalog.domain.ReservationStatus.CONFIRMED;
import static dev.feira.catalog.domain.ReservationStatus.EXPIRED;
import static dev.feira.catalog.domain.ReservationStatus.HELD;
import static dev.feira.catalog.domain.ReservationStatus.RELEASED;
import static dev.feira.catalog.domain.ReservationStatus.RETURNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feira.catalog.domain.Reservation.Step;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReservationTests {

    private static final Lines THREE_APPLES = Lines.of(List.of(new Line(new Sku("APPLE"), 3)));

    private static Reservation reservation(ReservationStatus status) {
        return new Reservation(new UUID(0, 1), status, THREE_APPLES, Instant.EPOCH);
    }

    @Test
    void sellsReservedGoodsOnConfirmation() {
        assertThat(reservation(HELD).confirm()).isEqualTo(Step.of(CONFIRMED, RESERVED, SOLD));
    }

    @Test
    void sellsOnceForTwoConfirmations() {
        assertThat(reservation(CONFIRMED).confirm()).isEqualTo(Step.of(CONFIRMED));
    }

    @Test
    void sellsAvailableGoodsAfterExpiry() {
        assertThat(reservation(EXPIRED).confirm()).isEqualTo(Step.of(CONFIRMED, AVAILABLE, SOLD));
    }

    @ParameterizedTest
    @EnumSource(names = {"RELEASED", "RETURNED"})
    void rejectsConfirmationOfAClosedReservation(ReservationStatus ended) {
        assertThatThrownBy(() -> reservation(ended).confirm()).isInstanceOf(ReservationClosed.class);
    }

    @ParameterizedTest
    @EnumSource
    void releasesInEveryStatus(ReservationStatus status) {
        var step = reservation(status).release();

        assertThat(step.to()).isIn(RELEASED, RETURNED);
        assertThat(step.transfer().map(Transfer::to)).isIn(Optional.empty(), Optional.of(AVAILABLE));
    }

    @Test
    void restocksReservedOrSoldGoodsOnRelease() {
        assertThat(reservation(HELD).release()).isEqualTo(Step.of(RELEASED, RESERVED, AVAILABLE));
        assertThat(reservation(CONFIRMED).release()).isEqualTo(Step.of(RETURNED, SOLD, AVAILABLE));
        assertThat(reservation(EXPIRED).release()).isEqualTo(Step.of(RELEASED));
        assertThat(reservation(RELEASED).release()).isEqualTo(Step.of(RELEASED));
    }

    @Test
    void restocksOnlySoldGoodsAndOnce() {
        assertThat(reservation(CONFIRMED).restock()).isEqualTo(Step.of(RETURNED, SOLD, AVAILABLE));
        assertThat(reservation(RETURNED).restock()).isEqualTo(Step.of(RETURNED));
        for (var status : List.of(HELD, RELEASED, EXPIRED)) {
            assertThatThrownBy(() -> reservation(status).restock()).isInstanceOf(ReservationNotConfirmed.class);
        }
    }

    @Test
    void expiresOnlyHeldReservations() {
        assertThat(reservation(HELD).expire()).isEqualTo(Step.of(EXPIRED, RESERVED, AVAILABLE));
        for (var status : List.of(CONFIRMED, RELEASED, EXPIRED, RETURNED)) {
            assertThat(reservation(status).expire()).isEqualTo(Step.of(status));
        }
    }

    @Test
    void acceptsRepeatedRequestWithTheSameLines() {
        assertThatCode(() -> reservation(HELD).requireSameLines(THREE_APPLES)).doesNotThrowAnyException();
        assertThatCode(() -> reservation(CONFIRMED).requireSameLines(THREE_APPLES))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> reservation(HELD).requireSameLines(Lines.of(List.of(new Line(new Sku("APPLE"), 4)))))
                .isInstanceOf(ReservationDiffers.class);
        for (var status : List.of(RELEASED, EXPIRED, RETURNED)) {
            assertThatThrownBy(() -> reservation(status).requireSameLines(THREE_APPLES))
                    .isInstanceOf(ReservationClosed.class);
        }
    }
}
