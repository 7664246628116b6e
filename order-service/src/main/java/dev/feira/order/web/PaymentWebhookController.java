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
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

@RestController
@Tag(name = "Payments")
class PaymentWebhookController {

    private static final Logger log = LoggerFactory.getLogger(PaymentWebhookController.class);

    private final WebhookSignature signature;
    private final PaymentEventHandler handler;
    private final JsonMapper json = JsonMapper.builder()
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    PaymentWebhookController(WebhookSignature signature, PaymentEventHandler handler) {
        this.signature = signature;
        this.handler = handler;
    }

    /** The used members of the provider's message. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Message(String id, String type, String chargeId, String reference) {}

    @PostMapping(path = "/webhooks/payments", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Receives a message of the payment provider",
            description = "Signed by the provider; the same message may arrive more than once.")
    void receive(
            @RequestHeader(name = WebhookSignature.HEADER, required = false) @Nullable String header,
            @RequestBody byte[] body,
            HttpServletRequest request) {
        signature.check(header, body); // the bytes as they came, before anything looks into them
        var message = message(body, request);
        UUID order;
        try {
            order = UUID.fromString(message.reference());
        } catch (IllegalArgumentException _) {
            // 204: the message is authentic, but sending it again would not help
            log.warn("Ignored a payment message with an unknown reference: {}", message.reference());
            return;
        }
        handler.handle(new PaymentEvent(message.id(), message.type(), message.chargeId(), order));
    }

    private Message message(byte[] body, HttpServletRequest request) {
        try {
            var message = json.readValue(body, Message.class);
            if (message != null) {
                return message;
            }
        } catch (JacksonException _) {
            // reported below, without the details of the parser
        }
        throw new HttpMessageNotReadableException(
                "the body is not a message of the payment provider", new ServletServerHttpRequest(request));
    }
}
