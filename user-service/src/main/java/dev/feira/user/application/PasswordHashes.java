package dev.feira.user.application;

import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.PasswordRules;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Hashes passwords by Argon2id, a bounded number in parallel: each hash allocates its memory (19 MiB by default) on the
 * heap, so an unbounded burst of sign-ins would exhaust it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9106">RFC 9106, Argon2</a>
 */
@Component
public class PasswordHashes {

    private static final int SALT_BYTES = 16; // RFC 9106, section 3.1: recommended for passwords
    private static final int HASH_BYTES = 32;

    private final Argon2PasswordEncoder encoder;
    private final Semaphore permits;
    private final Duration timeout;
    private final String dummyHash;

    PasswordHashes(UserProperties settings) {
        var passwords = settings.passwords();
        this.encoder = new Argon2PasswordEncoder(
                SALT_BYTES,
                HASH_BYTES,
                passwords.lanes(),
                (int) passwords.memory().toKilobytes(),
                passwords.passes());
        this.permits = new Semaphore(passwords.concurrency(), true);
        this.timeout = passwords.longestWait();
        this.dummyHash = hash(UUID.randomUUID().toString());
    }

    /** No permit became free in time: 503. */
    public static final class Busy extends RuntimeException {}

    /**
     * Returns a new hash, in PHC form.
     *
     * @throws Busy no permit in time
     */
    public String hash(String password) {
        return withPermit(() -> encoder.encode(PasswordRules.normalized(password)));
    }

    /**
     * Returns whether the password matches the hash. Without a hash, takes as long, so that the time does not reveal whether
     * an account exists.
     *
     * @throws Busy no permit in time
     */
    public boolean matches(String password, @Nullable String hash) {
        // a password over the limit matches no hash; it takes as long as any other
        var bounded = password.length() > PasswordRules.MAX_LENGTH * 2
                ? password.substring(0, PasswordRules.MAX_LENGTH * 2)
                : password;
        return withPermit(() -> encoder.matches(PasswordRules.normalized(bounded), hash == null ? dummyHash : hash))
                && hash != null;
    }

    /** Returns whether the hash was made with weaker parameters than the current ones. */
    public boolean isOutdated(String hash) {
        return encoder.upgradeEncoding(hash);
    }

    private <T> T withPermit(Supplier<T> work) {
        try {
            if (!permits.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Busy();
        }
        try {
            return work.get();
        } finally {
            permits.release();
        }
    }
}
