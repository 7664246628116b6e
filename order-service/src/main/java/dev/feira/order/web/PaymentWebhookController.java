package dev.feira.order.web;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.feira.order.application.PaymentEventHandler;
import dev.feira.order.domain.PaymentEvent;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

@RestController
@Tag(name = "Payments")
class PaymentWebhookController {

    private static final Logger log = LoggerFactory.getLogger(PaymentWebhookController.class);

    private final WebhookSignature signature;
    private final PaymentEventHandler handler;
    private final JsonMapper json = JsonMapper.builder().build();

    PaymentWebhookController(WebhookSignature signature, PaymentEventHandler handler) {
        this.signature = signature;
        this.handler = handler;
    }

    /** The parts of the provider's message that matter here; it may have more. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Message(
            @Nullable String id,
            @Nullable String type,
            @Nullable String chargeId,
            @Nullable String reference) {}

    @PostMapping(path = "/webhooks/payments", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Takes a message of the payment provider",
            description = "Signed by the provider; the same message may come more than once.")
    void take(
            @RequestHeader(name = WebhookSignature.HEADER, required = false) @Nullable String header,
            @RequestBody byte[] body,
            HttpServletRequest request) {
        signature.check(header, body); // the bytes as they came, before anything looks into them
        var message = message(body, request);
        UUID order;
        try {
            order = UUID.fromString(message.reference());
        } catch (IllegalArgumentException _) {
            // signed, so it is the provider's, but about something that we never asked for: no use in sending it again
            log.warn("A payment message is about no order of ours: {}", message.reference());
            return;
        }
        handler.take(new PaymentEvent(message.id(), message.type(), message.chargeId(), order));
    }

    /** A message with all of its parts. */
    private record Whole(String id, String type, String chargeId, String reference) {}

    private Whole message(byte[] body, HttpServletRequest request) {
        try {
            var message = json.readValue(body, Message.class);
            if (message != null
                    && message.id() != null
                    && message.type() != null
                    && message.chargeId() != null
                    && message.reference() != null) {
                return new Whole(message.id(), message.type(), message.chargeId(), message.reference());
            }
        } catch (JacksonException _) {
            // answered below, without what the parser has to say
        }
        throw new HttpMessageNotReadableException(
                "not a message of the payment provider", new ServletServerHttpRequest(request));
    }
}
