package dev.feira.order.payment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.feira.order.domain.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** The payment provider's HTTP interface. */
@HttpExchange(accept = "application/json")
interface PaymentClient {

    @PostExchange("/charges")
    Charge charge(@RequestHeader("Idempotency-Key") String key, @RequestBody ChargeRequest request);

    @GetExchange("/charges")
    ChargePage charges(@RequestParam String reference);

    @GetExchange("/charges/{id}")
    Charge charge(@PathVariable String id);

    @PostExchange("/charges/{id}/cancellation")
    Charge cancel(@PathVariable String id);

    @PostExchange("/refunds")
    RefundResponse refund(@RequestHeader("Idempotency-Key") String key, @RequestBody RefundRequest request);

    @GetExchange("/ledger")
    LedgerPage ledger(@RequestParam String after, @RequestParam int limit);

    /** An amount in a request; the provider reads it as text. */
    record AmountText(String amount, String currency) {

        static AmountText of(Money money) {
            return new AmountText(money.amount().toPlainString(), money.currency());
        }
    }

    record ChargeRequest(String reference, AmountText amount, String token) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record ChargePage(List<Charge> items) {}

    record RefundRequest(String chargeId, AmountText amount) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record RefundResponse(String id) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record LedgerPage(List<LedgerEntry> items, @Nullable String nextCursor) {}

    /** The used members of the provider's problems. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record PaymentProblem(@Nullable String type) {}
}
