package dev.feira.payment.domain;

import static dev.feira.payment.domain.ChargeStatus.*;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import org.springframework.data.relational.core.mapping.Table;

/**
 * Money taken, or to be taken, from a card.
 *
 * @param reference the shop's own name for it: the id of its order
 * @param amount in EUR, two decimals, more than 0
 * @param refunded how much of it went back, 0 to {@code amount}
 * @param declineReason why it was refused, where it was
 * @param settlesAt when a pending charge is decided; kept after that
 */
@Table("charge")
public record Charge(
        @Id UUID id,
        String idempotencyKey,
        String reference,
        BigDecimal amount,
        BigDecimal refunded,
        CardBehaviour behaviour,
        String brand,
        String last4,
        ChargeStatus status,
        @Nullable String declineReason,
        Instant createdAt,
        @Nullable Instant settlesAt,
        @Version @Nullable Integer version) {

    static final String DECLINED_BY_BANK = "card-declined";

    /** How long a pending charge takes; {@code soon} for the card whose webhook comes twice. */
    public record Delays(Duration later, Duration soon) {}

    /** A new charge, already decided unless the card is one that decides later. */
    public static Charge of(
            CardToken card, String idempotencyKey, String reference, BigDecimal amount, Instant now, Delays delays) {
        var settlesAt = switch (card.behaviour()) {
            case APPROVE_LATER, DECLINE_LATER -> now.plus(delays.later());
            case APPROVE_AND_TELL_TWICE -> now.plus(delays.soon());
            case APPROVE, DECLINE, ANSWER_LATE, FAIL_TWICE, CUT_CONNECTION -> null;
        };
        var declined = card.behaviour() == CardBehaviour.DECLINE;
        return new Charge(
                UUID.randomUUID(),
                idempotencyKey,
                reference,
                amount,
                BigDecimal.ZERO,
                card.behaviour(),
                card.brand(),
                card.last4(),
                settlesAt != null ? PENDING : declined ? DECLINED : SUCCEEDED,
                declined ? DECLINED_BY_BANK : null,
                now,
                settlesAt,
                null);
    }

    /** The pending charge, decided. */
    public Charge settle() {
        requireStatus(PENDING);
        return behaviour == CardBehaviour.DECLINE_LATER
                ? with(DECLINED, DECLINED_BY_BANK, refunded)
                : with(SUCCEEDED, null, refunded);
    }

    /**
     * The charge, withdrawn. Withdrawing twice is the same as once.
     *
     * @throws WrongState it is decided already
     */
    public Charge cancel() {
        if (status == CANCELLED) {
            return this;
        }
        requireStatus(PENDING);
        return with(CANCELLED, null, refunded);
    }

    /**
     * The charge with this much more refunded.
     *
     * @throws WrongState no money was taken
     * @throws RefundTooLarge more than what is left of the charge
     */
    public Charge refund(BigDecimal amount) {
        requireStatus(SUCCEEDED);
        var left = this.amount.subtract(refunded);
        if (amount.compareTo(left) > 0) {
            throw new RefundTooLarge(left);
        }
        return with(SUCCEEDED, null, refunded.add(amount));
    }

    private void requireStatus(ChargeStatus expected) {
        if (status != expected) {
            throw new WrongState(id, status, expected);
        }
    }

    private Charge with(ChargeStatus status, @Nullable String declineReason, BigDecimal refunded) {
        return new Charge(
                id,
                idempotencyKey,
                reference,
                amount,
                refunded,
                behaviour,
                brand,
                last4,
                status,
                declineReason,
                createdAt,
                settlesAt,
                version);
    }

    /** The charge is not in the state that the request needs. */
    public static class WrongState extends RuntimeException {

        private final ChargeStatus status;

        WrongState(UUID id, ChargeStatus status, ChargeStatus expected) {
            super("Charge %s is %s; only a charge that is %s can do this.".formatted(id, status, expected));
            this.status = status;
        }

        /** What the charge is instead. */
        public ChargeStatus status() {
            return status;
        }
    }

    /** A refund of more than what is left. */
    public static class RefundTooLarge extends RuntimeException {

        RefundTooLarge(BigDecimal left) {
            super("Only %s EUR of this charge are left to refund.".formatted(left));
        }
    }

    /** No charge has this id. */
    public static class NotFound extends RuntimeException {

        public NotFound(UUID id) {
            super("There is no charge " + id + ".");
        }
    }
}
