package dev.feira.payment.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ChargeTests {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private static Charge charge(CardBehaviour behaviour) {
        var card = new CardToken("tok_1", behaviour, "Visa", "4242", NOON);
        var delays = new Charge.Delays(Duration.ofSeconds(10), Duration.ofSeconds(1));
        return Charge.of(card, "key", "order", new BigDecimal("10.00"), NOON, delays);
    }

    @Test
    void refundsUpToTheCharge() {
        var once = charge(CardBehaviour.APPROVE).refund(new BigDecimal("6.00"));

        assertThat(once.refund(new BigDecimal("4.00")).refunded()).isEqualByComparingTo("10.00");
        assertThatThrownBy(() -> once.refund(new BigDecimal("4.01")))
                .isInstanceOf(Charge.RefundTooLarge.class)
                .hasMessageContaining("4.00 EUR");
    }

    @Test
    void rejectsRefundOfAChargeThatDidNotSucceed() {
        assertThatThrownBy(() -> charge(CardBehaviour.DECLINE).refund(BigDecimal.ONE))
                .isInstanceOf(Charge.WrongState.class);
        assertThatThrownBy(() -> charge(CardBehaviour.APPROVE_LATER).refund(BigDecimal.ONE))
                .isInstanceOf(Charge.WrongState.class);
    }

    @Test
    void settlesPendingChargeByItsCard() {
        var approved = charge(CardBehaviour.APPROVE_LATER);

        assertThat(approved.status()).isEqualTo(ChargeStatus.PENDING);
        assertThat(approved.settlesAt()).isEqualTo(NOON.plusSeconds(10));
        assertThat(approved.settle().status()).isEqualTo(ChargeStatus.SUCCEEDED);
        assertThat(charge(CardBehaviour.DECLINE_LATER).settle())
                .returns(ChargeStatus.DECLINED, Charge::status)
                .returns("card-declined", Charge::declineReason);
    }

    @Test
    void cancelsOnlyPendingChargesIdempotently() {
        var cancelled = charge(CardBehaviour.APPROVE_LATER).cancel();

        assertThat(cancelled.status()).isEqualTo(ChargeStatus.CANCELLED);
        assertThat(cancelled.cancel()).isSameAs(cancelled);
        assertThatThrownBy(cancelled::settle).isInstanceOf(Charge.WrongState.class);
        assertThatThrownBy(() -> charge(CardBehaviour.APPROVE).cancel()).isInstanceOf(Charge.WrongState.class);
    }
}
