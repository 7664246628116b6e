package dev.feira.user.application;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Counts attempts in the database, so that all replicas count together. An attempt is counted before its outcome is
 * known: a thousand guesses sent at once are a thousand attempts, not one.
 */
@Component
public class AttemptLimiter {

    private static final int DOUBLINGS = 30;

    private final JdbcClient jdbc;
    private final Clock clock;

    AttemptLimiter(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * How many attempts are free and how the wait grows after that.
     *
     * @param free attempts before waiting begins
     * @param firstDelay after the last free one; doubled with each further one
     * @param longestDelay the limit of that
     * @param memory attempts are forgotten this long after the last one, or after the first where {@code fixed}
     * @param fixed whether the window begins with the first attempt and does not move
     */
    public record Limit(int free, Duration firstDelay, Duration longestDelay, Duration memory, boolean fixed) {}

    /**
     * Counts one attempt.
     *
     * @return nothing where it may go on, or how long to wait; an attempt made while waiting is not counted
     */
    public Optional<Duration> take(String scope, String key, Limit limit) {
        var now = clock.instant();
        var counted = jdbc.sql("""
                        insert into attempts as a (scope, key, attempts, last_at, window_ends, blocked_until)
                        values (:scope, :key, 1, :now, :windowEnds,
                            case when :free <= 1 then cast(:now as timestamptz) + make_interval(secs => :first) end)
                        on conflict (scope, key) do update set
                            attempts = case when a.window_ends <= cast(:now as timestamptz) then 1 else a.attempts + 1 end,
                            last_at = :now,
                            window_ends = case when :fixed and a.window_ends > cast(:now as timestamptz) then a.window_ends else cast(:windowEnds as timestamptz) end,
                            blocked_until = case
                                when a.window_ends <= cast(:now as timestamptz) then
                                    case when :free <= 1 then cast(:now as timestamptz) + make_interval(secs => :first) end
                                when a.attempts + 1 >= :free then cast(:now as timestamptz) + make_interval(secs =>
                                    least(:longest, :first * power(2, least(a.attempts + 1 - :free, :doublings))))
                                end
                        where a.blocked_until is null or a.blocked_until <= cast(:now as timestamptz)
                        """)
                .param("scope", scope)
                .param("key", digest(key))
                .param("now", Timestamp.from(now))
                .param("windowEnds", Timestamp.from(now.plus(limit.memory())))
                .param("free", limit.free())
                .param("fixed", limit.fixed())
                .param("first", seconds(limit.firstDelay()))
                .param("longest", seconds(limit.longestDelay()))
                .param("doublings", DOUBLINGS)
                .update();
        return counted == 1 ? Optional.empty() : Optional.of(remaining(scope, key, now));
    }

    /** Returns how long is left to wait, without counting anything. */
    Optional<Duration> blocked(String scope, String key) {
        var left = remaining(scope, key, clock.instant());
        return left.isPositive() ? Optional.of(left) : Optional.empty();
    }

    private Duration remaining(String scope, String key, Instant now) {
        return jdbc.sql("select blocked_until from attempts where scope = :scope and key = :key")
                .param("scope", scope)
                .param("key", digest(key))
                .query((row, _) -> Optional.ofNullable(row.getTimestamp(1)))
                .optional()
                .flatMap(until -> until)
                .map(until -> Duration.between(now, until.toInstant()))
                .orElse(Duration.ZERO);
    }

    /** Forgets the attempts: this one was right. */
    public void forget(String scope, String key) {
        jdbc.sql("delete from attempts where scope = :scope and key = :key")
                .param("scope", scope)
                .param("key", digest(key))
                .update();
    }

    /** Takes one attempt back: it was right, the ones before it stay counted. */
    public void giveBack(String scope, String key) {
        jdbc.sql("""
                        update attempts set attempts = greatest(attempts - 1, 0), blocked_until = null
                         where scope = :scope and key = :key
                        """).param("scope", scope).param("key", digest(key)).update();
    }

    /** Removes what was counted before {@code then}. */
    int removeOlderThan(Instant then) {
        return jdbc.sql("delete from attempts where last_at < :then and window_ends < :then")
                .param("then", Timestamp.from(then))
                .update();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
