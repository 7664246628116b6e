package dev.feira.order.payment;

import dev.feira.order.domain.Money;
import dev.feira.order.payment.PaymentClient.AmountText;
import dev.feira.order.payment.PaymentClient.ChargeRequest;
import dev.feira.order.payment.PaymentClient.PaymentProblem;
import dev.feira.order.payment.PaymentClient.RefundRequest;
import dev.feira.order.remote.RemoteCallFailed;
import dev.feira.order.remote.RemoteCalls;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the payment provider. Charges and refunds have the order's id in their Idempotency-Key, so the provider creates one
 * of each, however often they are requested.
 */
@Component
public class Payments {

    private static final Logger log = LoggerFactory.getLogger(Payments.class);
    private static final int PAGE = 500;

    private final PaymentClient client;
    private final RemoteCalls calls;
    private final JsonMapper json = JsonMapper.builder().build();

    Payments(PaymentClient client, RemoteCalls calls) {
        this.client = client;
        this.calls = calls;
    }

    /**
     * Charges a card for an order, once.
     *
     * @param token the provider's token of the card
     * @throws PaymentsUnavailable the result is unknown: call {@link #chargeOf}, then this again
     */
    public ChargeResult charge(UUID orderId, Money amount, String token) {
        var request = new ChargeRequest(orderId.toString(), AmountText.of(amount), token);
        return available(() -> {
            try {
                return new ChargeResult.Made(checked(client.charge("charge-" + orderId, request), orderId, amount));
            } catch (HttpClientErrorException e) {
                if (e.getStatusCode() == HttpStatus.UNPROCESSABLE_CONTENT
                        && problem(e).endsWith("unknown-token")) {
                    return new ChargeResult.TokenRejected("The payment provider does not know this card token.");
                }
                throw e; // in flight, wrong API key, too many requests: the result is unknown
            }
        });
    }

    /**
     * Returns the provider's charge for an order.
     *
     * @throws PaymentsUnavailable there is no usable response
     */
    public Optional<Charge> chargeOf(UUID orderId, Money amount) {
        return available(() -> client.charges(orderId.toString()).items().stream()
                .map(charge -> checked(charge, orderId, amount))
                .findFirst());
    }

    /**
     * Returns the current state of a charge.
     *
     * @throws PaymentsUnavailable there is no usable response
     */
    public Charge charge(UUID orderId, String chargeId, Money amount) {
        return available(() -> checked(client.charge(chargeId), orderId, amount));
    }

    /**
     * Cancels a charge that is pending.
     *
     * @return the charge: {@code CANCELLED}, or decided already
     * @throws PaymentsUnavailable the result is unknown: retry
     */
    public Charge cancel(UUID orderId, String chargeId, Money amount) {
        return available(() -> {
            try {
                return checked(client.cancel(chargeId), orderId, amount);
            } catch (HttpClientErrorException.Conflict _) {
                return checked(client.charge(chargeId), orderId, amount); // it was decided before
            }
        });
    }

    /**
     * Refunds a charge in full, once.
     *
     * @return the provider's id of the refund
     * @throws PaymentsUnavailable the result is unknown: retry
     */
    public String refund(UUID orderId, String chargeId, Money amount) {
        return available(() -> Objects.requireNonNull(
                client.refund("refund-" + orderId, new RefundRequest(chargeId, AmountText.of(amount)))
                        .id(),
                "the refund has no id"));
    }

    /**
     * Reads the provider's ledger to its end.
     *
     * @param from the cursor that an earlier call returned; null for the beginning
     * @return the cursor of the last page; later entries follow it
     * @throws PaymentsUnavailable not all pages could be read
     */
    public String readLedger(@Nullable String from, Consumer<List<LedgerEntry>> pages) {
        var after = from == null ? "0" : from;
        while (true) {
            var begin = after;
            var page = available(() -> client.ledger(begin, PAGE));
            pages.accept(page.items());
            if (page.nextCursor() == null) {
                return begin;
            }
            after = page.nextCursor();
        }
    }

    /** Rejects a charge with another reference or amount, or without an id or status; the step is retried. */
    private static Charge checked(Charge charge, UUID orderId, Money amount) {
        if (!orderId.toString().equals(charge.reference()) || !amount.equals(charge.amount())) {
            throw new IllegalStateException("the provider returned %s of %s, expected %s of %s"
                    .formatted(charge.amount(), charge.reference(), amount, orderId));
        }
        Objects.requireNonNull(charge.id(), "a charge without an id");
        Objects.requireNonNull(charge.status(), "a charge without a status");
        return charge;
    }

    private <T> T available(Callable<T> call) {
        try {
            return calls.once("payments", call);
        } catch (RemoteCallFailed e) {
            if (e.getCause() instanceof HttpClientErrorException rejected) {
                log.warn("The payment provider returned {}", rejected.getStatusCode());
            }
            throw new PaymentsUnavailable(e);
        }
    }

    private String problem(HttpClientErrorException e) {
        try {
            var type = json.readValue(e.getResponseBodyAsByteArray(), PaymentProblem.class)
                    .type();
            return type == null ? "" : type;
        } catch (JacksonException _) {
            return "";
        }
    }
}
