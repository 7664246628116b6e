package dev.feira.events.outbox;

import dev.feira.defaults.tracing.TraceContinuation;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores events in the transaction of the change that they tell about, so that neither exists without the other.
 *
 * @see <a href="https://microservices.io/patterns/data/transactional-outbox.html">Transactional outbox</a>
 */
public final class Outbox {

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final TraceContinuation traces;

    Outbox(JdbcClient jdbc, JsonMapper json, TraceContinuation traces) {
        this.jdbc = jdbc;
        this.json = json;
        this.traces = traces;
    }

    /**
     * Stores an event in the caller's transaction. Readers of the feed see it after the commit. Events of one aggregate are in
     * order if each transaction takes an advisory lock of the aggregate before it locks or writes any row. A transaction gets its
     * place in the feed when PostgreSQL numbers it: at its first write, or while it waits for a row that others change.
     *
     * @throws IllegalStateException there is no transaction: the event could exist without the change
     */
    public void append(OutboxEvent event) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("An event needs the transaction of the change: " + event.type());
        }
        jdbc.sql("""
                        with event as (
                            insert into outbox (id, aggregatetype, aggregateid, type, payload, traceparent, occurred_at, epoch)
                            values (:id, :aggregateType, :aggregateId, :type, cast(:payload as jsonb), :traceparent, :at,
                                    (select max(number) from outbox_epochs))
                            returning id
                        )
                        select cast(pg_notify('outbox', '') as text) from event""")
                .param("id", UUID.randomUUID())
                .param("aggregateType", event.aggregateType())
                .param("aggregateId", event.aggregateId())
                .param("type", event.type())
                .param("payload", json.writeValueAsString(event.data()))
                .param("traceparent", traces.traceparent())
                .param("at", event.at().atOffset(ZoneOffset.UTC))
                .query(String.class)
                .list();
    }

    /**
     * An event that was appended.
     *
     * @param id its id in the feed
     */
    public record PublishedEvent(UUID id, String type, Instant at) {}

    /** Returns the events of an aggregate, oldest first, as far as they are kept. Needs an index on {@code aggregateid}. */
    public List<PublishedEvent> about(String aggregateId) {
        return jdbc.sql(
                        "select id, type, occurred_at from outbox where aggregateid = :id order by epoch, transaction, number")
                .param("id", aggregateId)
                .query((row, _) -> new PublishedEvent(
                        row.getObject("id", UUID.class),
                        row.getString("type"),
                        row.getObject("occurred_at", OffsetDateTime.class).toInstant()))
                .list();
    }
}
