package dev.feira.order.persistence;

import dev.feira.order.domain.IdempotencyKey;
import dev.feira.order.domain.IdempotencyKeys;
import dev.feira.order.domain.RecordedResponse;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Idempotency keys in PostgreSQL; leases run by the database's clock. */
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
                        answer(row)))
                .optional();
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean claim(IdempotencyKey key, @Nullable UUID orderId, @Nullable RecordedResponse answer, Duration lease) {
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
                        .param("status", answer == null ? null : answer.status())
                        .param("contentType", answer == null ? null : answer.contentType())
                        .param("location", answer == null ? null : answer.location())
                        .param("etag", answer == null ? null : answer.etag())
                        .param("body", answer == null ? null : answer.body(), java.sql.Types.BINARY)
                        .update()
                == 1;
    }

    @Override
    @Transactional
    public RecordedResponse complete(IdempotencyKey key, RecordedResponse answer) {
        jdbc.sql("""
                        update idempotency_keys
                           set status = :status, content_type = :contentType, location = :location, etag = :etag, body = :body
                         where customer_id = :customer and value = :value and status is null""")
                .param("status", answer.status())
                .param("contentType", answer.contentType())
                .param("location", answer.location())
                .param("etag", answer.etag())
                .param("body", answer.body())
                .param("customer", key.customerId())
                .param("value", key.value())
                .update();
        // read in the same transaction, after the update: whoever was first, this is what is on record
        return find(key).map(Use::answer).orElseThrow(() -> new IllegalStateException("the key was not claimed"));
    }

    @Override
    public int deleteOlderThan(Duration age) {
        return jdbc.sql("delete from idempotency_keys where created_at < now() - :age * interval '1 millisecond'")
                .param("age", age.toMillis())
                .update();
    }

    private static @Nullable RecordedResponse answer(ResultSet row) throws SQLException {
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
