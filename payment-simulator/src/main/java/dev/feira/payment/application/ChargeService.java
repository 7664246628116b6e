package dev.feira.payment.application;

import dev.feira.payment.config.PaymentProperties;
import dev.feira.payment.domain.CardBehaviour;
import dev.feira.payment.domain.CardToken;
import dev.feira.payment.domain.CardTokens;
import dev.feira.payment.domain.Charge;
import dev.feira.payment.domain.ChargeStatus;
import dev.feira.payment.domain.Charges;
import dev.feira.payment.domain.IdempotencyKeyReused;
import dev.feira.payment.domain.Ledger;
import dev.feira.payment.domain.RequestKeys;
import dev.feira.payment.domain.UnknownToken;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Charges cards. */
@Service
public class ChargeService {

    /** Failed requests of the card that fails twice. */
    private static final int FAILURES = 2;

    private final RequestKeys keys;
    private final CardTokens tokens;
    private final Charges charges;
    private final Ledger ledger;
    private final PaymentProperties settings;
    private final Clock clock;

    ChargeService(
            RequestKeys keys,
            CardTokens tokens,
            Charges charges,
            Ledger ledger,
            PaymentProperties settings,
            Clock clock) {
        this.keys = keys;
        this.tokens = tokens;
        this.charges = charges;
        this.ledger = ledger;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * A charge to make.
     *
     * @param reference the id of the shop's order
     * @param amount in EUR, two decimals, more than 0
     * @param token the token of the card
     */
    public record ChargeCommand(String reference, BigDecimal amount, String token) {

        String fingerprint() {
            return reference + "|" + amount + "|" + token;
        }
    }

    /**
     * Charges the card once per key, also for repeated and concurrent requests.
     *
     * @throws IdempotencyKeyReused the key was used for another command
     * @throws UnknownToken no card has this token
     */
    @Transactional
    public ChargeResult charge(String idempotencyKey, ChargeCommand command) {
        var now = clock.instant();
        var key = keys.claim("charge:" + idempotencyKey, command.fingerprint(), now);
        key.requireFingerprint(command.fingerprint());
        var before = charges.findByIdempotencyKey(idempotencyKey);
        if (before.isPresent()) {
            return result(before.get(), true);
        }
        var card = tokens.findById(command.token()).orElseThrow(UnknownToken::new);
        if (card.behaviour() == CardBehaviour.FAIL_TWICE && key.attempts() <= FAILURES) {
            return new ChargeResult.Failed(); // commits, which counts the attempt
        }
        return result(create(card, idempotencyKey, command), false);
    }

    private Charge create(CardToken card, String idempotencyKey, ChargeCommand command) {
        var now = clock.instant();
        var delays = new Charge.Delays(settings.settlement(), settings.quickSettlement());
        var charge = charges.save(Charge.of(card, idempotencyKey, command.reference(), command.amount(), now, delays));
        if (charge.status() == ChargeStatus.SUCCEEDED) {
            ledger.charged(charge, now);
        }
        return charge;
    }

    private ChargeResult result(Charge charge, boolean repeated) {
        return switch (charge.behaviour()) {
            case ANSWER_LATE ->
                new ChargeResult.Delayed(charge, repeated, charge.createdAt().plus(settings.lateResponse()));
            case CUT_CONNECTION ->
                repeated ? new ChargeResult.Immediate(charge, true) : new ChargeResult.Dropped(charge);
            case APPROVE, DECLINE, FAIL_TWICE, APPROVE_LATER, APPROVE_AND_TELL_TWICE, DECLINE_LATER ->
                new ChargeResult.Immediate(charge, repeated);
        };
    }

    /**
     * Cancels a pending charge.
     *
     * @throws Charge.NotFound no charge has this id
     * @throws Charge.WrongState the charge is settled
     */
    @Transactional
    public Charge cancel(UUID id) {
        var charge = charges.lockById(id).orElseThrow(() -> new Charge.NotFound(id));
        return charges.save(charge.cancel());
    }

    /** @throws Charge.NotFound no charge has this id */
    @Transactional(readOnly = true)
    public Charge charge(UUID id) {
        return charges.findById(id).orElseThrow(() -> new Charge.NotFound(id));
    }

    /** Returns the charges of one order, oldest first. */
    @Transactional(readOnly = true)
    public List<Charge> chargesFor(String reference) {
        return charges.findByReferenceOrderByCreatedAtAscIdAsc(reference);
    }
}
