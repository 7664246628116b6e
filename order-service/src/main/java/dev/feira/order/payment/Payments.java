package dev.feira.order.payment;

import dev.feira.order.domain.Money;
import dev.feira.order.payment.PaymentClient.AmountText;
import dev.feira.order.payment.PaymentClient.ChargeRequest;
import dev.feira.order.payment.PaymentClient.ChargeResponse;
import dev.feira.order.payment.PaymentClient.PaymentProblem;
import dev.feira.order.payment.PaymentClient.RefundRequest;
import dev.feira.order.remote.RemoteCallFailed;
import dev.feira.order.remote.RemoteCalls;
import dev.feira.order.remote.RemoteCallsFactory;
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
 * What order-service asks of the payment provider. Charges and refunds carry the order's id in their Idempotency-Key:
 * however often they are asked for, the provider makes one.
 */
@Component
public class Payments {

    private static final Logger log = LoggerFactory.getLogger(Payments.class);
    private static final int PAGE = 500;

    private final PaymentClient client;
    private final RemoteCalls calls;
    private final JsonMapper json = JsonMapper.builder().build();

    Payments(PaymentClient client, RemoteCallsFactory guards) {
        this.client = client;
        this.calls = guards.named("payments");
    }

    /**
     * Charges a card for an order, once.
     *
     * @param token stands for the card
     * @throws PaymentsUnavailable whether there is a charge is unknown: ask {@link #chargeOf}, then this again
     */
    public ChargeResult charge(UUID orderId, Money amount, String token) {
        var request = new ChargeRequest(orderId.toString(), AmountText.of(amount), token);
        return asked(() -> {
            try {
                return new ChargeResult.Made(
                        charge(client.charge("charge-" + orderId, request), orderId.toString(), amount));
            } catch (HttpClientErrorException e) {
                if (e.getStatusCode() == HttpStatus.UNPROCESSABLE_CONTENT
                        && problem(e).endsWith("unknown-token")) {
                    return new ChargeResult.TokenRejected("The payment provider does not know this card token.");
                }
                throw e; // in flight, our key is wrong, too many requests …: no answer to the question
            }
        });
    }

    /**
     * Returns the charge that the provider has for an order.
     *
     * @throws PaymentsUnavailable it could not be asked
     */
    public Optional<Charge> chargeOf(UUID orderId, Money amount) {
        return asked(() -> client.charges(orderId.toString()).items().stream()
                .map(response -> charge(response, orderId.toString(), amount))
                .findFirst());
    }

    /**
     * Returns a charge as it stands now.
     *
     * @throws PaymentsUnavailable it could not be asked
     */
    public Charge charge(UUID orderId, String chargeId, Money amount) {
        return asked(() -> charge(client.charge(chargeId), orderId.toString(), amount));
    }

    /**
     * Stops a charge that is still open.
     *
     * @return the charge: {@code CANCELLED}, or decided already
     * @throws PaymentsUnavailable what became of it is unknown: ask again
     */
    public Charge cancel(UUID orderId, String chargeId, Money amount) {
        return asked(() -> {
            try {
                return charge(client.cancel(chargeId), orderId.toString(), amount);
            } catch (HttpClientErrorException.Conflict _) {
                return charge(client.charge(chargeId), orderId.toString(), amount); // it was decided meanwhile
            }
        });
    }

    /**
     * Gives a charge back in full, once.
     *
     * @return the provider's name of the refund
     * @throws PaymentsUnavailable whether it is given back is unknown: ask again
     */
    public String refund(UUID orderId, String chargeId, Money amount) {
        return asked(() -> Objects.requireNonNull(
                client.refund("refund-" + orderId, new RefundRequest(chargeId, AmountText.of(amount)))
                        .id(),
                "a refund without an id"));
    }

    /**
     * Reads the provider's books to the end.
     *
     * @param from as an earlier reading returned it; null for the beginning
     * @return where the last page begins: what is written from now on comes behind
     * @throws PaymentsUnavailable they could not be read to the end
     */
    public String readLedger(@Nullable String from, Consumer<List<LedgerEntry>> pages) {
        var after = from == null ? "0" : from;
        while (true) {
            var begin = after;
            var page = asked(() -> client.ledger(begin, PAGE));
            pages.accept(page.items().stream()
                    .map(entry -> new LedgerEntry(
                            "REFUND".equals(entry.kind()),
                            entry.id(),
                            entry.reference(),
                            entry.amount().money()))
                    .toList());
            if (page.nextCursor() == null) {
                return begin;
            }
            after = page.nextCursor();
        }
    }

    /** An answer about another order or sum is none: better to ask again than to believe it. */
    private static Charge charge(ChargeResponse response, String reference, Money amount) {
        if (!reference.equals(response.reference())
                || !amount.equals(response.amount().money())) {
            throw new IllegalStateException("the provider answered about %s of %s, asked was %s of %s"
                    .formatted(response.amount().money(), response.reference(), amount, reference));
        }
        return new Charge(
                Objects.requireNonNull(response.id(), "a charge without an id"),
                Objects.requireNonNull(response.status(), "a charge without a status"),
                response.declineReason(),
                response.brand(),
                response.last4(),
                amount);
    }

    private <T> T asked(Callable<T> call) {
        try {
            return calls.once(call);
        } catch (RemoteCallFailed e) {
            if (e.getCause() instanceof HttpClientErrorException refused) {
                log.warn("The payment provider answered {}", refused.getStatusCode());
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
