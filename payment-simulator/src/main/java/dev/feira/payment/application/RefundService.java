package dev.feira.payment.application;

import dev.feira.payment.domain.Charge;
import dev.feira.payment.domain.Charges;
import dev.feira.payment.domain.IdempotencyKeyReused;
import dev.feira.payment.domain.Ledger;
import dev.feira.payment.domain.Refund;
import dev.feira.payment.domain.Refunds;
import dev.feira.payment.domain.RequestKeys;
import dev.feira.payment.notification.PaymentEvent;
import dev.feira.payment.notification.Webhooks;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Refunds charges. */
@Service
public class RefundService {

    private final RequestKeys keys;
    private final Charges charges;
    private final Refunds refunds;
    private final Ledger ledger;
    private final Webhooks webhooks;
    private final Clock clock;

    RefundService(RequestKeys keys, Charges charges, Refunds refunds, Ledger ledger, Webhooks webhooks, Clock clock) {
        this.keys = keys;
        this.charges = charges;
        this.refunds = refunds;
        this.ledger = ledger;
        this.webhooks = webhooks;
        this.clock = clock;
    }

    /** A refund, and whether an earlier request with the same key created it. */
    public record Made(Refund refund, boolean repeated) {}

    /**
     * Refunds a charge or a part of it, once per key. The refunds of a charge never exceed it.
     *
     * @param amount in EUR, two decimals, more than 0
     * @throws IdempotencyKeyReused the key was used for another refund
     * @throws Charge.NotFound no charge has this id
     * @throws Charge.WrongState the charge has not succeeded
     * @throws Charge.RefundTooLarge the amount exceeds the rest of the charge
     */
    @Transactional
    public Made refund(String idempotencyKey, UUID chargeId, BigDecimal amount) {
        var now = clock.instant();
        var fingerprint = chargeId + "|" + amount;
        keys.claim("refund:" + idempotencyKey, fingerprint, now).requireFingerprint(fingerprint);
        var before = refunds.findByIdempotencyKey(idempotencyKey);
        if (before.isPresent()) {
            return new Made(before.get(), true);
        }
        var charge = charges.lockById(chargeId).orElseThrow(() -> new Charge.NotFound(chargeId));
        charges.save(charge.refund(amount));
        var refund = Refund.of(charge, idempotencyKey, amount, now);
        refunds.add(refund);
        ledger.refunded(refund);
        webhooks.append(PaymentEvent.of(refund), 1, now);
        return new Made(refund, false);
    }

    /** Returns the refunds of one order, oldest first. */
    @Transactional(readOnly = true)
    public List<Refund> refundsFor(String reference) {
        return refunds.findByReferenceOrderByCreatedAtAscIdAsc(reference);
    }
}
