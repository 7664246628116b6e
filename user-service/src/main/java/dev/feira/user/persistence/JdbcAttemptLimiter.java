package dev.feira.user.persistence;

import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.AttemptLimiter;
import dev.feira.user.domain.Expiring;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcAttemptLimiter implements AttemptLimiter, Expiring {

    private static final int MAX_DOUBLINGS = 30;

    private final JdbcClient jdbc;
    private final Duration retention;
    private final Clock clock;

    JdbcAttemptLimiter(JdbcClient jdbc, UserProperties settings, Clock clock) {
        this.jdbc = jdbc;
        this.retention = settings.retention().attempts();
        this.clock = clock;
    }

    @Override
    public Optional<Duration> tryAcquire(String scope, String key, Limit limit) {
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
                .param("key", Sha256.hash(key))
                .param("now", Timestamp.from(now))
                .param("windowEnds", Timestamp.from(now.plus(limit.window())))
                .param("free", limit.free())
                .param("fixed", limit.fixed())
                .param("first", seconds(limit.firstDelay()))
                .param("longest", seconds(limit.maxDelay()))
                .param("doublings", MAX_DOUBLINGS)
                .update();
        return counted == 1 ? Optional.empty() : Optional.of(remaining(scope, key, now));
    }

    @Override
    public Optional<Duration> remainingDelay(String scope, String key) {
        return Optional.of(remaining(scope, key, clock.instant())).filter(Duration::isPositive);
    }

    private Duration remaining(String scope, String key, Instant now) {
        return jdbc.sql("select blocked_until from attempts where scope = :scope and key = :key")
                .param("scope", scope)
                .param("key", Sha256.hash(key))
                .query((row, _) -> Optional.ofNullable(row.getTimestamp(1)))
                .optional()
                .flatMap(until -> until)
                .map(until -> Duration.between(now, until.toInstant()))
                .orElse(Duration.ZERO);
    }

    @Override
    public void reset(String scope, String key) {
        jdbc.sql("delete from attempts where scope = :scope and key = :key")
                .param("scope", scope)
                .param("key", Sha256.hash(key))
                .update();
    }

    @Override
    public void release(String scope, String key) {
        jdbc.sql("""
                        update attempts set attempts = greatest(attempts - 1, 0), blocked_until = null
                         where scope = :scope and key = :key
                        """).param("scope", scope).param("key", Sha256.hash(key)).update();
    }

    @Override
    public int removeExpired() {
        return jdbc.sql("delete from attempts where last_at < :then and window_ends < :then")
                .param("then", Timestamp.from(clock.instant().minus(retention)))
                .update();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
