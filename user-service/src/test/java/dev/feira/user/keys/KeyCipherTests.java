package dev.feira.user.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.user.config.KeyProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class KeyCipherTests {

    private static final byte[] TEXT = "a signing key".getBytes(StandardCharsets.UTF_8);

    private static KeyCipher cipher(int seed) {
        var secret = new byte[32];
        secret[31] = (byte) seed;
        var second = Duration.ofSeconds(1);
        return new KeyCipher(
                new KeyProperties(Base64.getEncoder().encodeToString(secret), second, second, second, second));
    }

    @Test
    void decryptsWithSameSecretAndContextOnly() {
        var sealed = cipher(1).encrypt(TEXT, "key-1");

        assertThat(cipher(1).decrypt(sealed, "key-1")).contains(TEXT);
        assertThat(cipher(1).decrypt(sealed, "key-2")).isEmpty();
        assertThat(cipher(2).decrypt(sealed, "key-1")).isEmpty();
        sealed[sealed.length - 1] ^= 1;
        assertThat(cipher(1).decrypt(sealed, "key-1")).isEmpty();
    }

    @Test
    void encryptsWithRandomNonce() {
        assertThat(cipher(1).encrypt(TEXT, "key-1")).isNotEqualTo(cipher(1).encrypt(TEXT, "key-1"));
    }

    @Test
    void derivesOneSuccessorForEachTokenAndSecret() {
        assertThat(cipher(1).successor("token")).isEqualTo(cipher(1).successor("token"));
        assertThat(cipher(1).successor("token"))
                .isNotEqualTo(cipher(2).successor("token"))
                .isNotEqualTo(cipher(1).successor("other"))
                .isNotEqualTo(cipher(1).mac("token"));
    }
}
