package dev.feira.order.web;

import dev.feira.order.config.PaymentProperties;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Checks {@code Feira-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of t + "." + body>}. The signature
 * includes the time, so that an intercepted message cannot be replayed later.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2104">RFC 2104, HMAC</a>
 */
@Component
class WebhookSignature {

    static final String HEADER = "Feira-Signature";
    private static final Pattern FORMAT = Pattern.compile("t=(\\d{1,12}),v1=([0-9a-f]{64})");

    private final SecretKeySpec key;
    private final Duration tolerance;
    private final Clock clock;

    WebhookSignature(PaymentProperties settings, Clock clock) {
        this.key = new SecretKeySpec(settings.webhookSecret().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        this.tolerance = settings.webhookTolerance();
        this.clock = clock;
    }

    /** The signature does not authenticate the message. */
    static final class Invalid extends RuntimeException {
        Invalid(String reason) {
            super(reason);
        }
    }

    /**
     * Checks a message.
     *
     * @param header the signature
     * @param body the received bytes
     * @throws Invalid the signature is missing, invalid or too old
     */
    void check(@Nullable String header, byte[] body) {
        if (header == null) {
            throw new Invalid("no signature");
        }
        var parts = FORMAT.matcher(header);
        if (!parts.matches()) {
            throw new Invalid("malformed signature");
        }
        // the digest first: a client without the key must not learn the service's clock
        var expected = digest(parts.group(1), body);
        if (!MessageDigest.isEqual(expected, HexFormat.of().parseHex(parts.group(2)))) {
            throw new Invalid("wrong signature");
        }
        var signedAt = Instant.ofEpochSecond(Long.parseLong(parts.group(1)));
        if (Duration.between(signedAt, clock.instant()).abs().compareTo(tolerance) > 0) {
            throw new Invalid("signed at " + signedAt);
        }
    }

    private byte[] digest(String time, byte[] body) {
        try {
            var mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("HmacSHA256 is not available", e);
        }
    }
}
