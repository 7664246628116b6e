package dev.feira.user.persistence;

import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.Expiring;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Writes each event to the database and as one line to the service's log. */
@Repository
class JdbcSecurityLog implements SecurityLog, Expiring {

    private static final Logger log = LoggerFactory.getLogger(SecurityLog.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;
    private final Duration retention;
    private final Clock clock;

    JdbcSecurityLog(JdbcClient jdbc, UserProperties settings, Clock clock) {
        this.jdbc = jdbc;
        this.retention = settings.retention().securityEvents();
        this.clock = clock;
    }

    @Override
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

    @Override
    public List<SecurityEvent> findBefore(@Nullable UUID userId, long beforeId, int limit) {
        return jdbc.sql("""
                        select id, at, type, user_id, client_id, address, detail::text as detail from security_events
                         where id < :before and (:userId::uuid is null or user_id = :userId::uuid)
                         order by id desc limit :limit
                        """)
                .param("before", beforeId)
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

    @Override
    public int removeExpired() {
        return jdbc.sql("delete from security_events where at < :then")
                .param("then", Timestamp.from(clock.instant().minus(retention)))
                .update();
    }
}
