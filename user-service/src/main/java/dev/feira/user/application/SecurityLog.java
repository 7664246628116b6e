package dev.feira.user.application;

import dev.feira.user.domain.SecurityEvent;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The audit log: what happened to accounts' safety, in the database and as one line in the log. */
@Component
public class SecurityLog {

    private static final Logger log = LoggerFactory.getLogger(SecurityLog.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;
    private final Clock clock;

    SecurityLog(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Appends an event, in the caller's transaction where there is one. */
    public void record(SecurityEvent.Type type, @Nullable UUID userId, @Nullable String address) {
        record(type, userId, null, address, Map.of());
    }

    /**
     * Appends an event, in the caller's transaction where there is one.
     *
     * @param detail never a password, a token, or an address that was mistyped
     */
    public void record(
            SecurityEvent.Type type,
            @Nullable UUID userId,
            @Nullable String clientId,
            @Nullable String address,
            Map<String, Object> detail) {
        jdbc.sql("""
                        insert into security_events (at, type, user_id, client_id, address, detail)
                        values (:at, :type, :userId, :clientId, :address, :detail::jsonb)
                        """)
                .param("at", Timestamp.from(clock.instant()))
                .param("type", type.name())
                .param("userId", userId)
                .param("clientId", clientId)
                .param("address", address)
                .param("detail", JSON.writeValueAsString(detail))
                .update();
        log.info("{} user={} client={} address={} {}", type, userId, clientId, address, detail);
    }

    /**
     * Events, newest first.
     *
     * @param userId only of this account, or null for all
     * @param before only events with a smaller id
     */
    public List<SecurityEvent> before(@Nullable UUID userId, long before, int limit) {
        return jdbc.sql("""
                        select id, at, type, user_id, client_id, address, detail::text as detail from security_events
                         where id < :before and (:userId::uuid is null or user_id = :userId::uuid)
                         order by id desc limit :limit
                        """)
                .param("before", before)
                .param("userId", userId == null ? null : userId.toString())
                .param("limit", limit)
                .query((row, _) -> new SecurityEvent(
                        row.getLong("id"),
                        row.getTimestamp("at").toInstant(),
                        SecurityEvent.Type.valueOf(row.getString("type")),
                        row.getObject("user_id", UUID.class),
                        row.getString("client_id"),
                        row.getString("address"),
                        JSON.readValue(row.getString("detail"), new TypeReference<>() {})))
                .list();
    }

    /** Removes events from before {@code then}. */
    int removeOlderThan(Instant then) {
        return jdbc.sql("delete from security_events where at < :then")
                .param("then", Timestamp.from(then))
                .update();
    }
}
