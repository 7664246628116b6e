package dev.feira.user.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.users}.
 *
 * @param auditInterval time between two runs of the sign-in audit
 * @param demoPassword password of the demonstration accounts; empty disables them
 * @param firstAdmin e-mail address of the account that becomes admin at start if none exists; may be empty
 */
@Validated
@ConfigurationProperties("feira.users")
public record UserProperties(
        @Valid @DefaultValue SignIn signIn,
        @Valid @DefaultValue Registration registration,
        @Valid @DefaultValue Passwords passwords,
        @Valid @DefaultValue Links links,
        @Valid @DefaultValue Retention retention,

        @DefaultValue("5m") @NotNull @DurationMin(seconds = 1) @DurationMax(days = 1)
        Duration auditInterval,

        @DefaultValue("") String demoPassword,
        @DefaultValue("") String firstAdmin) {

    private static final int SHORTEST_DEMO_PASSWORD = 12;

    public UserProperties {
        if (!demoPassword.isEmpty() && demoPassword.length() < SHORTEST_DEMO_PASSWORD) {
            // not by annotation: Boot logs values that an annotation rejects
            throw new IllegalArgumentException("feira.users.demo-password (FEIRA_DEMO_PASSWORD) must have at least "
                    + SHORTEST_DEMO_PASSWORD + " characters, or be empty");
        }
    }

    /**
     * Limits guesses at passwords.
     *
     * @param pairAttempts wrong passwords for one account from one network before the first delay
     * @param accountAttempts the same for one account, from all networks that never signed in to it
     * @param addressAttempts the same for one network and all accounts
     * @param firstDelay first delay, doubled by each further wrong password
     * @param longestDelay maximum delay
     * @param memory attempts expire this long after the last one
     * @param knownAddressAge how long a network counts as known after a sign-in
     * @param session idle timeout of the browser session
     */
    public record SignIn(
            @DefaultValue("5") @Positive int pairAttempts,
            @DefaultValue("20") @Positive int accountAttempts,
            @DefaultValue("50") @Positive int addressAttempts,
            @DefaultValue("10s") Duration firstDelay,
            @DefaultValue("15m") Duration longestDelay,
            @DefaultValue("1h") Duration memory,
            @DefaultValue("90d") Duration knownAddressAge,
            @DefaultValue("12h") Duration session) {}

    /**
     * Limits mass registration and the enumeration of accounts.
     *
     * @param perAddress accounts that one network may register in the window
     * @param takenPerAddress responses {@code email-taken} that one network may get in the window
     */
    public record Registration(
            @DefaultValue("500") @Positive int perAddress,
            @DefaultValue("30") @Positive int takenPerAddress,
            @DefaultValue("10m") Duration window) {}

    /**
     * Configures Argon2id.
     *
     * @param memory of one hash
     * @param passes over that memory
     * @param lanes degree of parallelism
     * @param concurrency maximum of parallel hashes; multiplied by {@code memory}, the heap that they use
     * @param longestWait timeout for a permit
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9106#section-4">RFC 9106, section 4</a>
     */
    public record Passwords(
            @DefaultValue("19MB") DataSize memory,
            @DefaultValue("2") @Min(1) @Max(100) int passes,
            @DefaultValue("1") @Min(1) @Max(16) int lanes,
            @DefaultValue("4") @Positive int concurrency,
            @DefaultValue("3s") Duration longestWait) {

        public Passwords {
            if (memory.toKilobytes() < 7 * 1024 || memory.toMegabytes() > 2048) {
                throw new IllegalArgumentException("feira.users.passwords.memory must be 7MB to 2048MB");
            }
        }
    }

    /**
     * Configures the links in messages.
     *
     * @param verification lifetime of a link that verifies an e-mail address
     * @param passwordReset lifetime of a link that resets a password
     * @param emailChange lifetime of the two links that change an e-mail address
     * @param perAccount messages with links for one account, or one e-mail address, in the window
     * @param perNetwork password resets, and changes of address, that one network may ask for in the window
     * @param resetResponseTime duration of a request for a reset, with and without an account
     */
    public record Links(
            @DefaultValue("24h") @NotNull @DurationMin(minutes = 1)
            Duration verification,

            @DefaultValue("30m") @NotNull @DurationMin(minutes = 1)
            Duration passwordReset,

            @DefaultValue("24h") @NotNull @DurationMin(minutes = 1)
            Duration emailChange,

            @DefaultValue("5") @Positive int perAccount,
            @DefaultValue("30") @Positive int perNetwork,
            @DefaultValue("1h") @NotNull Duration window,

            @DefaultValue("300ms") @NotNull @DurationMax(seconds = 2)
            Duration resetResponseTime) {}

    /** Retention of the audit log and of expired attempts. */
    public record Retention(
            @DefaultValue("365d") Duration securityEvents,
            @DefaultValue("1d") Duration attempts) {}
}
