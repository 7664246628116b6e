package dev.feira.user.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.text.ParseException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key pair that signs tokens until a newer one does.
 *
 * @param publicKey published from creation on
 * @param privateKey null if it was encrypted with another secret; the key then verifies only
 * @param signsFrom start of signing
 * @param expiresAt end of publication; null for the newest key
 */
public record SigningKey(
        String kid,
        ECKey publicKey,
        @Nullable ECKey privateKey,
        Instant createdAt,
        Instant signsFrom,
        @Nullable Instant expiresAt) {

    /** Generates an ES256 key pair. */
    static SigningKey generate(Instant now, Instant signsFrom) {
        try {
            var pair = new ECKeyGenerator(Curve.P_256)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true)
                    .generate();
            return new SigningKey(pair.getKeyID(), pair.toPublicJWK(), pair, now, signsFrom, null);
        } catch (JOSEException e) {
            throw new IllegalStateException("P-256 keys are not available", e);
        }
    }

    /** Reads a stored JWK. */
    public static ECKey parse(String json) {
        try {
            return ECKey.parse(json);
        } catch (ParseException e) {
            // without the cause, which may quote the key
            throw new IllegalStateException("a stored signing key is not a JWK");
        }
    }

    /** Returns the private JWK as JSON. */
    public String privateJson() {
        return Objects.requireNonNull(privateKey).toJSONString();
    }

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
