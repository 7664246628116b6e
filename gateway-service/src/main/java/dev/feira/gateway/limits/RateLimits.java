package dev.feira.gateway.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.feira.defaults.database.DatabaseMigration;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.github.bucket4j.postgresql.PostgreSQLSelectForUpdateBasedProxyManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Counts requests in Bucket4j's buckets. Each replica counts browsing and writing for itself: counting them together
 * would cost a committed write for each request, and catalog reads would need the database. Sign-ins and registrations
 * are rare, and their exact number matters: they are counted in PostgreSQL, and by the replica while that is down.
 */
@Component
class RateLimits {

    private static final Logger log = LoggerFactory.getLogger(RateLimits.class);
    private static final Duration WITHOUT_DATABASE = Duration.ofSeconds(5);
    private static final int CLEANED_AT_ONCE = 1000;

    private final Cache<String, Bucket> own = Caffeine.newBuilder()
            .expireAfterAccess(Duration.ofMinutes(10))
            .maximumSize(100_000)
            .build();
    private final PostgreSQLSelectForUpdateBasedProxyManager<String> shared;
    private final DatabaseMigration migration;
    private final Clock clock;
    private volatile Instant aloneUntil = Instant.MIN;

    RateLimits(DataSource database, DatabaseMigration migration, Clock clock) {
        this.shared = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(database)
                .primaryKeyMapper(PrimaryKeyMapper.STRING)
                .table("rate_limit")
                .idColumn("id")
                .stateColumn("state")
                .expiresAtColumn("expires_at")
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofMinutes(10)))
                .requestTimeout(Duration.ofSeconds(1))
                .build();
        this.migration = migration;
        this.clock = clock;
    }

    /** Takes one request from the bucket of {@code client}, counted by this replica. */
    ConsumptionProbe takeOwn(String policy, LimitProperties.Limit limit, String client) {
        return own.get(
                        policy + ":" + client,
                        _ -> Bucket.builder().addLimit(bandwidth(limit)).build())
                .tryConsumeAndReturnRemaining(1);
    }

    /** As {@link #takeOwn}, counted by all replicas. */
    ConsumptionProbe takeShared(String policy, LimitProperties.Limit limit, String client) {
        if (!migration.isDone() || clock.instant().isBefore(aloneUntil)) {
            return takeOwn(policy, limit, client);
        }
        try {
            return shared.builder()
                    .build(
                            policy + ":" + client,
                            () -> BucketConfiguration.builder()
                                    .addLimit(bandwidth(limit))
                                    .build())
                    .tryConsumeAndReturnRemaining(1);
        } catch (RuntimeException e) {
            log.warn("The shared rate limits are unavailable, this replica counts alone: {}", e.getMessage());
            aloneUntil = clock.instant().plus(WITHOUT_DATABASE);
            return takeOwn(policy, limit, client);
        }
    }

    @Scheduled(fixedDelayString = "${feira.gateway.limits.cleanup:5m}")
    void removeExpired() {
        if (migration.isDone()) {
            while (shared.removeExpired(CLEANED_AT_ONCE) >= CLEANED_AT_ONCE) {
                log.debug("Old rate limits were removed");
            }
        }
    }

    private static Bandwidth bandwidth(LimitProperties.Limit limit) {
        return Bandwidth.builder()
                .capacity(limit.requests())
                .refillGreedy(limit.requests(), limit.per())
                .build();
    }
}
