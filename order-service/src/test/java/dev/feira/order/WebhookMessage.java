package dev.feira.order;

import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A message of the payment provider. */
record WebhookMessage(String body) {

    static WebhookMessage about(UUID order, String type) {
        return new WebhookMessage("""
                {"id":"%s","type":"%s","chargeId":"ch_1","reference":"%s","amount":{"amount":"1.00","currency":"EUR"}}""".formatted(UUID.randomUUID(), type, order));
    }

    Replica.Response sentTo(Replica shop, Instant at) {
        return shop.post("/webhooks/payments", "", body, "Feira-Signature", signature(at));
    }

    String signature(Instant at) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(TestEnvironment.WEBHOOK_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            var time = at.getEpochSecond();
            return "t=" + time + ",v1="
                    + HexFormat.of().formatHex(mac.doFinal((time + "." + body).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
