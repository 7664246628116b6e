package dev.feira.order.persistence;

import dev.feira.order.domain.IdempotencyKey;
import dev.feira.order.domain.IdempotencyKeys;
import dev.feira.order.domain.RecordedResponse;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Stores idempotency keys in PostgreSQL. Leases use the database's clock. */
@Repository
class JdbcIdempotencyKeys implements IdempotencyKeys {

    private final JdbcClient jdbc;

    JdbcIdempotencyKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Use> find(IdempotencyKey key) {
        return jdbc.sql("""
                        select fingerprint, order_id, status is null and leased_until > now() as in_flight,
                               status, content_type, location, etag, body
                          from idempotency_keys where customer_id = :customer and value = :value""")
                .param("customer", key.customerId())
                .param("value", key.value())
                .query((row, number) -> new Use(
                        Objects.requireNonNull(row.getString("fingerprint")),
                        row.getObject("order_id", UUID.class),
                        row.getBoolean("in_flight"),
                        response(row)))
                .optional();
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean claim(
            IdempotencyKey key, @Nullable UUID orderId, @Nullable RecordedResponse response, Duration lease) {
        return jdbc.sql("""
                        insert into idempotency_keys (customer_id, value, fingerprint, order_id, leased_until,
                               status, content_type, location, etag, body)
                        values (:customer, :value, :fingerprint, :order, now() + :lease * interval '1 millisecond',
                               :status, :contentType, :location, :etag, :body)
                            on conflict do nothing""")
                        .param("customer", key.customerId())
                        .param("value", key.value())
                        .param("fingerprint", key.fingerprint())
                        .param("order", orderId)
                        .param("lease", lease.toMillis())
                        .param("status", response == null ? null : response.status())
                        .param("contentType", response == null ? null : response.contentType())
                        .param("location", response == null ? null : response.location())
                        .param("etag", response == null ? null : response.etag())
                        .param("body", response == null ? null : response.body(), java.sql.Types.BINARY)
                        .update()
                == 1;
    }

    @Override
    public RecordedResponse complete(IdempotencyKey key, RecordedResponse response) {
        var recorded = jdbc.sql("""
                        update idempotency_keys
                           set status = :status, content_type = :contentType, location = :location, etag = :etag, body = :body
                         where customer_id = :customer and value = :value and status is null""")
                .param("status", response.status())
                .param("contentType", response.contentType())
                .param("location", response.location())
                .param("etag", response.etag())
                .param("body", response.body())
                .param("customer", key.customerId())
                .param("value", key.value())
                .update();
        return recorded == 1
                ? response
                : find(key).map(Use::response).orElseThrow(() -> new IllegalStateException("the key was not claimed"));
    }

    @Override
    public void countReplay(IdempotencyKey key) {
        jdbc.sql("""
                        update idempotency_keys set replays = replays + 1, last_replay_at = now()
                         where customer_id = :customer and value = :value""")
                .param("customer", key.customerId())
                .param("value", key.value())
                .update();
    }

    @Override
    public Optional<Replays> replays(String customerId, UUID orderId) {
        return jdbc.sql(
                        "select replays, last_replay_at from idempotency_keys where customer_id = :customer and order_id = :order")
                .param("customer", customerId)
                .param("order", orderId)
                .query((row, _) -> new Replays(
                        row.getInt("replays"),
                        Optional.ofNullable(row.getObject("last_replay_at", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)
                                .orElse(null)))
                .optional();
    }

    @Override
    public int deleteOlderThan(Duration age) {
        return jdbc.sql("delete from idempotency_keys where created_at < now() - :age * interval '1 millisecond'")
                .param("age", age.toMillis())
                .update();
    }

    private static @Nullable RecordedResponse response(ResultSet row) throws SQLException {
        var status = row.getObject("status", Integer.class);
        return status == null
                ? null
                : new RecordedResponse(
                        status,
                        Objects.requireNonNull(row.getString("content_type")),
                        row.getString("location"),
                        row.getString("etag"),
                        Objects.requireNonNull(row.getBytes("body")));
    }
}
