package dev.feira.user.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.text.ParseException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Key pairs that sign tokens until newer ones do: one for ES256, and one for ID tokens of clients that support RS256 only.
 *
 * @param publicKey published from creation on
 * @param privateKey null if it was encrypted with another secret; the key then verifies only
 * @param rs256 null in a row of an earlier version, until {@link KeyRing} adds it
 * @param signsFrom start of signing
 * @param expiresAt end of publication; null for the newest key
 */
public record SigningKey(
        String kid,
        ECKey publicKey,
        @Nullable ECKey privateKey,
        @Nullable Rs256 rs256,
        Instant createdAt,
        Instant signsFrom,
        @Nullable Instant expiresAt) {

    private static final int RSA_BITS = 2048;

    /**
     * A key pair for RS256, which every OpenID client supports.
     *
     * @param privateKey null as that of {@link SigningKey}
     * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.1">RFC 7518, section 3.1</a>
     */
    public record Rs256(RSAKey publicKey, @Nullable RSAKey privateKey) {

        static Rs256 generate() {
            try {
                var pair = new RSAKeyGenerator(RSA_BITS)
                        .algorithm(JWSAlgorithm.RS256)
                        .keyUse(KeyUse.SIGNATURE)
                        .keyIDFromThumbprint(true)
                        .generate();
                return new Rs256(pair.toPublicJWK(), pair);
            } catch (JOSEException e) {
                throw new IllegalStateException("RSA keys are not available", e);
            }
        }

        /** Reads a stored JWK. */
        public static RSAKey parse(String json) {
            try {
                return RSAKey.parse(json);
            } catch (ParseException e) {
                // without the cause, which may quote the key
                throw new IllegalStateException("a stored signing key is not a JWK");
            }
        }

        /** Returns the private JWK as JSON. */
        public String privateJson() {
            return Objects.requireNonNull(privateKey).toJSONString();
        }

        @Override
        public String toString() {
            return "Rs256[" + publicKey.getKeyID() + "]";
        }
    }

    /** Generates both key pairs. */
    static SigningKey generate(Instant now, Instant signsFrom) {
        try {
            var pair = new ECKeyGenerator(Curve.P_256)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true)
                    .generate();
            return new SigningKey(pair.getKeyID(), pair.toPublicJWK(), pair, Rs256.generate(), now, signsFrom, null);
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
