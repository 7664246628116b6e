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
 * Encrypts and authenticates with keys that HKDF derives from the encryption secret, one key for each purpose.
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
     * Encrypts by AES-256-GCM.
     *
     * @param context additional authenticated data; decryption needs the same
     * @return nonce, then ciphertext and tag
     */
    public byte[] encrypt(byte[] text, String context) {
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

    /** Returns the plaintext, or empty if it was encrypted with another secret or context, or was changed. */
    public Optional<byte[]> decrypt(byte[] sealed, String context) {
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
     * Returns the successor of a refresh token. It is always the same, so that a client that lost the response gets it
     * again; it cannot be computed without the secret.
     */
    public byte[] successor(String refreshToken) {
        return mac(succession, refreshToken);
    }

    /** Returns the HMAC-SHA256 of a text that clients send back and must not change. */
    public byte[] mac(String text) {
        return mac(authenticity, text);
    }

    private static byte[] mac(SecretKey key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is not available", e);
        }
    }

    private static SecretKey derive(byte[] secret, String purpose, String algorithm) {
        try {
            var parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(secret)
                    .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), KEY_BYTES);
            return KDF.getInstance("HKDF-SHA256").deriveKey(algorithm, parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF is not available", e);
        }
    }
}
