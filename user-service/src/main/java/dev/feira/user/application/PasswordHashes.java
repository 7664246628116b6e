package dev.feira.user.application;

import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.PasswordRules;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Argon2id, a bounded number at a time: each hash takes its memory from the heap (19 MiB by default), and without a
 * bound a burst of sign-ins would end the service.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9106">RFC 9106, Argon2</a>
 */
@Component
public class PasswordHashes {

    private static final int SALT_BYTES = 16; // RFC 9106, section 3.1: recommended for passwords
    private static final int HASH_BYTES = 32;

    private final Argon2PasswordEncoder encoder;
    private final Semaphore turns;
    private final Duration wait;
    private final String nobodys;

    PasswordHashes(UserProperties settings) {
        var passwords = settings.passwords();
        this.encoder = new Argon2PasswordEncoder(
                SALT_BYTES,
                HASH_BYTES,
                passwords.lanes(),
                (int) passwords.memory().toKilobytes(),
                passwords.passes());
        this.turns = new Semaphore(passwords.concurrency(), true);
        this.wait = passwords.longestWait();
        this.nobodys = hash(UUID.randomUUID().toString());
    }

    /** Every turn is taken; try again in a moment. */
    public static final class Busy extends RuntimeException {

        Busy() {
            super("too many passwords are being checked at once");
        }
    }

    /**
     * A new hash, in PHC form.
     *
     * @throws Busy no turn in time
     */
    public String hash(String password) {
        return inTurn(() -> encoder.encode(PasswordRules.normalized(password)));
    }

    /**
     * Whether the password belongs to the hash.
     *
     * @throws Busy no turn in time
     */
    public boolean matches(String password, String hash) {
        // a password over the limit belongs to nobody; it takes its time all the same
        var bounded = password.length() > PasswordRules.LONGEST * 2
                ? password.substring(0, PasswordRules.LONGEST * 2)
                : password;
        return inTurn(() -> encoder.matches(PasswordRules.normalized(bounded), hash));
    }

    /** Takes as long as {@link #matches} where there is no such account, so that the time tells nothing. */
    public void matchesNobody(String password) {
        matches(password, nobodys);
    }

    /** Returns whether the hash was made with weaker parameters than those of today. */
    public boolean isOutdated(String hash) {
        return encoder.upgradeEncoding(hash);
    }

    private <T> T inTurn(Supplier<T> work) {
        try {
            if (!turns.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Busy();
        }
        try {
            return work.get();
        } finally {
            turns.release();
        }
    }
}
