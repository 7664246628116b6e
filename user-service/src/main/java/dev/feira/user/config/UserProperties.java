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
 * @param auditInterval time between two audits for the metric
 * @param demoPassword where set, the demonstration accounts exist with it; empty otherwise
 * @param firstAdmin the e-mail address of an account that becomes admin at the start while there is none; empty: nobody
 */
@Validated
@ConfigurationProperties("feira.users")
public record UserProperties(
        @Valid @DefaultValue SignIn signIn,
        @Valid @DefaultValue Registration registration,
        @Valid @DefaultValue Passwords passwords,
        @Valid @DefaultValue Retention retention,

        @DefaultValue("5m") @NotNull @DurationMin(seconds = 1) @DurationMax(days = 1)
        Duration auditInterval,

        @DefaultValue("") String demoPassword,
        @DefaultValue("") String firstAdmin) {

    private static final int SHORTEST_DEMO_PASSWORD = 12;

    public UserProperties {
        if (!demoPassword.isEmpty() && demoPassword.length() < SHORTEST_DEMO_PASSWORD) {
            // not by annotation: Boot would print the value
            throw new IllegalArgumentException("feira.users.demo-password (FEIRA_DEMO_PASSWORD) must have at least "
                    + SHORTEST_DEMO_PASSWORD + " characters, or be left out");
        }
    }

    /**
     * How guessing is slowed down.
     *
     * @param pairAttempts wrong passwords for one account from one address before waiting begins
     * @param accountAttempts the same for one account from all addresses that never signed in to it
     * @param addressAttempts the same for one address and all accounts
     * @param firstDelay the first wait; each further one is twice as long
     * @param longestDelay no wait is longer
     * @param memory attempts are forgotten this long after the last one
     * @param knownAddressAge how long an address from which someone signed in counts as known
     * @param session how long the sign-in page remembers a person who does nothing
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
     * How mass registration and the search for accounts are slowed down.
     *
     * @param perAddress accounts that one address may open within the window
     * @param takenPerAddress answers "has an account already" that one address may get within the window
     */
    public record Registration(
            @DefaultValue("500") @Positive int perAddress,
            @DefaultValue("30") @Positive int takenPerAddress,
            @DefaultValue("10m") Duration window) {}

    /**
     * Argon2id.
     *
     * @param memory of one hash
     * @param passes over that memory
     * @param lanes computed side by side
     * @param concurrency hashes at a time: times {@code memory} is the heap they take
     * @param longestWait for a turn
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

    /** How long things are kept that are only looked back at. */
    public record Retention(
            @DefaultValue("365d") Duration securityEvents,
            @DefaultValue("1d") Duration attempts) {}
}
