package dev.feira.user.config;

import java.time.Duration;
import java.util.Base64;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code feira.keys}.
 *
 * @param encryptionSecret base64 of 32 random bytes, from which the encryption key of the signing keys is derived
 * @param rotationInterval how long a key signs
 * @param activationDelay how long a key is published before it signs
 * @param verificationOverlap how long a key is published after it last signed
 * @param refreshInterval how often a replica reads the keys again
 */
@ConfigurationProperties("feira.keys")
public record KeyProperties(
        @DefaultValue("") String encryptionSecret,
        @DefaultValue("30d") Duration rotationInterval,
        @DefaultValue("10m") Duration activationDelay,
        @DefaultValue("1d") Duration verificationOverlap,
        @DefaultValue("10s") Duration refreshInterval) {

    private static final int SECRET_BYTES = 32;

    public KeyProperties {
        // not by annotation: Boot logs values that an annotation rejects
        if (encryptionSecret.isBlank()) {
            throw new IllegalArgumentException(
                    "feira.keys.encryption-secret (FEIRA_KEY_ENCRYPTION_SECRET) is missing: base64 of 32 random bytes");
        }
        if (decoded(encryptionSecret).length != SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "feira.keys.encryption-secret (FEIRA_KEY_ENCRYPTION_SECRET) must be base64 of 32 bytes");
        }
    }

    /** Returns the 32 bytes. */
    public byte[] secretBytes() {
        return decoded(encryptionSecret);
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    @Override
    public String toString() {
        return "KeyProperties[encryptionSecret=***, rotationInterval=" + rotationInterval + "]";
    }
}
