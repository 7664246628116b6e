package dev.feira.user.keys;

import com.nimbusds.jose.jwk.ECKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key pair that signs tokens for a while.
 *
 * @param publicKey published from the first moment
 * @param privateKey null where it was encrypted with another secret: then it only verifies
 * @param signsFrom it signs from here until a newer one does
 * @param expiresAt it is published until here; null for the newest
 */
public record SigningKey(
        String kid,
        ECKey publicKey,
        @Nullable ECKey privateKey,
        Instant createdAt,
        Instant signsFrom,
        @Nullable Instant expiresAt) {

    boolean isPublished(Instant now) {
        return expiresAt == null || expiresAt.isAfter(now);
    }

    boolean maySign(Instant now) {
        return privateKey != null && isPublished(now) && !signsFrom.isAfter(now);
    }

    @Override
    public String toString() {
        return "SigningKey[" + kid + "]";
    }
}
