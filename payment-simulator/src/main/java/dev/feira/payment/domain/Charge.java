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
 * A charge of a card.
 *
 * @param reference the id of the shop's order
 * @param amount in EUR, two decimals, more than 0
 * @param refunded the refunded amount, 0 to {@code amount}
 * @param declineReason why it was declined; null otherwise
 * @param settlesAt when a pending charge is settled; stays set after that
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

    /** Time until a pending charge is settled; {@code soon} for the card whose webhook is sent twice. */
    public record Delays(Duration later, Duration soon) {}

    /** Creates a charge, which is pending if the card settles later. */
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

    /** Settles a pending charge. */
    public Charge settle() {
        requireStatus(PENDING);
        return behaviour == CardBehaviour.DECLINE_LATER
                ? with(DECLINED, DECLINED_BY_BANK, refunded)
                : with(SUCCEEDED, null, refunded);
    }

    /**
     * Cancels a pending charge; idempotent.
     *
     * @throws WrongState the charge is settled
     */
    public Charge cancel() {
        if (status == CANCELLED) {
            return this;
        }
        requireStatus(PENDING);
        return with(CANCELLED, null, refunded);
    }

    /**
     * Adds a refund.
     *
     * @throws WrongState the charge has not succeeded
     * @throws RefundTooLarge the amount exceeds the rest of the charge
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

    /** Thrown when the charge has the wrong status for the request. */
    public static class WrongState extends RuntimeException {

        private final ChargeStatus status;

        WrongState(UUID id, ChargeStatus status, ChargeStatus expected) {
            super("The status of charge %s is %s; it must be %s.".formatted(id, status, expected));
            this.status = status;
        }

        /** Returns the status of the charge. */
        public ChargeStatus status() {
            return status;
        }
    }

    /** Thrown when a refund exceeds the rest of the charge. */
    public static class RefundTooLarge extends RuntimeException {

        RefundTooLarge(BigDecimal left) {
            super("Only %s EUR of this charge can be refunded.".formatted(left));
        }
    }

    /** Thrown when no charge has the id. */
    public static class NotFound extends RuntimeException {

        public NotFound(UUID id) {
            super("The charge " + id + " does not exist.");
        }
    }
}
