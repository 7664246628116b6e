package dev.feira.user.keys;

import dev.feira.user.config.KeyProperties;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import org.springframework.stereotype.Component;

/**
 * Everything that the one encryption secret is used for, each under a key of its own, derived by HKDF.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5869">RFC 5869, HKDF</a>
 */
@Component
public class KeyCipher {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12; // NIST SP 800-38D, section 8.2.2: random, far below 2^32 messages
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final SecretKey encryption;
    private final SecretKey succession;
    private final SecretKey authenticity;

    KeyCipher(KeyProperties settings) {
        this.encryption = derive(settings.secretBytes(), "feira signing keys v1", "AES");
        this.succession = derive(settings.secretBytes(), "feira refresh token succession v1", "HmacSHA256");
        this.authenticity = derive(settings.secretBytes(), "feira user-service cursors v1", "HmacSHA256");
    }

    /**
     * AES-256-GCM.
     *
     * @param context what the text belongs to; another context does not open it
     * @return nonce, then text and tag
     */
    byte[] encrypt(byte[] text, String context) {
        try {
            var nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, encryption, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            var sealed = cipher.doFinal(text);
            return ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a signing key could not be encrypted", e);
        }
    }

    /** Returns the text, or nothing where it was encrypted with another secret or changed since. */
    Optional<byte[]> decrypt(byte[] sealed, String context) {
        try {
            var nonce = new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES);
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, encryption, nonce);
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            return Optional.of(cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a signing key could not be decrypted", e);
        }
    }

    /**
     * The one successor of a refresh token: always the same, and not to be computed without the secret. So a client
     * that lost the answer gets the same successor again.
     */
    public byte[] successor(String refreshToken) {
        return mac(succession, refreshToken);
    }

    /** HMAC-SHA256 of a text that clients carry for us and must not change. */
    public byte[] mac(String text) {
        return mac(authenticity, text);
    }

    private static byte[] mac(SecretKey key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    private static SecretKey derive(byte[] secret, String purpose, String algorithm) {
        try {
            var parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(secret)
                    .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), KEY_BYTES);
            return KDF.getInstance("HKDF-SHA256").deriveKey(algorithm, parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("JDK 25 has HKDF", e);
        }
    }
}
