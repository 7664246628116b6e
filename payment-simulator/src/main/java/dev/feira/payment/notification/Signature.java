package dev.feira.payment.notification;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a webhook: {@code t=<unix seconds>,v1=<hex HMAC-SHA256 of t + "." + body>}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2104">RFC 2104, HMAC</a>
 */
final class Signature {

    static final String HEADER = "Feira-Signature";

    private Signature() {}

    static String of(String body, String secret, Instant now) {
        var time = now.getEpochSecond();
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            var digest = mac.doFinal((time + "." + body).getBytes(StandardCharsets.UTF_8));
            return "t=%d,v1=%s".formatted(time, HexFormat.of().formatHex(digest));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is not available", e);
        }
    }
}
