package dev.feira.events.outbox;

import dev.feira.defaults.database.AfterMigration;
import dev.feira.events.CloudEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/** Reads the outbox as a feed, in the order of commits: what a reader has seen has nothing new before it. */
@Order(Ordered.HIGHEST_PRECEDENCE) // what else runs after the migration may append events, which need an epoch
final class Feed implements AfterMigration {

    private static final Logger log = LoggerFactory.getLogger(Feed.class);
    private static final int MAX_REMAINING = 10_000;
    private static final int DELETE_BATCH = 10_000;
    /** Between two reads while an older transaction holds events back: nothing signals its end. */
    private static final Duration HELD_BACK = Duration.ofMillis(100);

    /** Events that no transaction can precede any more: all with a lower number have ended. */
    private static final String VISIBLE = """
            (e.epoch, e.transaction, e.number) > (:epoch, cast(:transaction as xid8), :number)
               and (e.epoch < (select max(number) from outbox_epochs)
                    or e.transaction < pg_snapshot_xmin(pg_current_snapshot()))""";

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final OutboxSignal signal;
    private final TransactionOperations transaction;
    private final OutboxProperties settings;

    Feed(
            JdbcClient jdbc,
            JsonMapper json,
            OutboxSignal signal,
            TransactionOperations transaction,
            OutboxProperties settings) {
        this.jdbc = jdbc;
        this.json = json;
        this.signal = signal;
        this.transaction = transaction;
        this.settings = settings;
    }

    /**
     * Events after a position.
     *
     * @param events oldest first
     * @param remaining the number of visible events after them, at most 10,000
     */
    record Batch(List<CloudEvent> events, int remaining) {}

    /**
     * Begins an epoch after a restore or a failover: transactions of another cluster or timeline are counted anew, and come
     * after all others. Where PostgreSQL does not tell which it is, there is one epoch.
     */
    @Override
    public void run() {
        try {
            transaction.executeWithoutResult(_ -> begin("""
                    select system_identifier, ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer
                      from pg_control_system()"""));
        } catch (BadSqlGrammarException | UncategorizedSQLException e) {
            log.warn("Restores of the database cannot be detected: {}", e.getMessage());
            transaction.executeWithoutResult(_ -> begin("select 0, 0"));
        }
    }

    private void begin(String identity) {
        jdbc.sql("lock table outbox_epochs in share row exclusive mode").update(); // two replicas begin one
        jdbc.sql("""
                        insert into outbox_epochs (cluster, timeline)
                        select i.cluster, i.timeline from (%s) as i (cluster, timeline)
                         where (i.cluster, i.timeline) is distinct from
                               (select (cluster, timeline) from outbox_epochs order by number desc limit 1)""".formatted(identity)).update();
    }

    /**
     * Returns the events after a position. Waits for one where there is none.
     *
     * @param after the position of the last event that the consumer has applied; null: from the beginning
     * @param consumer whose position is stored, so that nothing is deleted that it has not read; null: none
     * @throws InvalidFeedPosition the position is no position of this feed, or not yet reached
     * @throws ExpiredFeedPosition events after the position have been deleted
     */
    Batch read(@Nullable String after, int limit, Duration wait, @Nullable String consumer) {
        var from = after == null || after.isEmpty()
                ? FeedPosition.START
                : FeedPosition.parse(after, settings.feed())
                        .orElseThrow(() -> new InvalidFeedPosition("is not a position of this feed"));
        check(from);
        if (consumer != null) {
            note(consumer, from);
        }
        var deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            var seen = signal.count();
            var events = events(from, limit);
            var left = Duration.ofNanos(deadline - System.nanoTime());
            if (!events.isEmpty() || !left.isPositive()) {
                return new Batch(events, events.size() < limit ? 0 : remaining(events.getLast()));
            }
            var pause = isHeldBack(from) ? HELD_BACK : settings.recheck();
            if (!signal.await(seen, left.compareTo(pause) < 0 ? left : pause)) {
                return new Batch(List.of(), 0);
            }
        }
    }

    private void check(FeedPosition from) {
        if (from.equals(FeedPosition.START)) {
            return;
        }
        var state = jdbc.sql("""
                        select (select max(number) from outbox_epochs) as epoch,
                               cast(pg_snapshot_xmax(pg_current_snapshot()) as text) as transaction,
                               d.epoch as deleted_epoch, cast(d.transaction as text) as deleted_transaction,
                               coalesce(d.number, 0) as deleted_number
                          from (select 1) as one left join outbox_deleted d on true""")
                .query((row, _) -> new State(
                        new FeedPosition(row.getInt("epoch"), row.getLong("transaction"), 0),
                        new FeedPosition(
                                row.getInt("deleted_epoch"),
                                row.getLong("deleted_transaction"),
                                row.getLong("deleted_number"))))
                .single();
        if (from.compareTo(state.end) >= 0) {
            throw new InvalidFeedPosition("is after the end of the feed");
        }
        if (from.compareTo(state.deleted) < 0) {
            throw new ExpiredFeedPosition();
        }
    }

    private record State(FeedPosition end, FeedPosition deleted) {}

    private void note(String consumer, FeedPosition position) {
        jdbc.sql("""
                        insert into outbox_consumers as c (consumer, epoch, transaction, number)
                        values (:consumer, :epoch, cast(:transaction as xid8), :number)
                            on conflict (consumer) do update
                           set epoch = excluded.epoch, transaction = excluded.transaction, number = excluded.number,
                               seen_at = now()
                         where (c.epoch, c.transaction, c.number) <> (excluded.epoch, excluded.transaction, excluded.number)
                            or c.seen_at < now() - interval '1 minute'""").param("consumer", consumer).params(parameters(position)).update();
    }

    private List<CloudEvent> events(FeedPosition from, int limit) {
        return jdbc.sql("""
                        select e.id, e.aggregateid, e.type, cast(e.payload as text) as payload, e.traceparent, e.occurred_at,
                               e.epoch, cast(e.transaction as text) as transaction, e.number
                          from outbox e
                         where %s
                         order by e.epoch, e.transaction, e.number limit :limit""".formatted(VISIBLE))
                .params(parameters(from))
                .param("limit", limit)
                .query((row, _) -> event(row))
                .list();
    }

    private CloudEvent event(ResultSet row) throws SQLException {
        return new CloudEvent(
                "1.0",
                row.getString("id"),
                "/feeds/" + settings.feed(),
                row.getString("type"),
                row.getString("aggregateid"),
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                "application/json",
                row.getString("traceparent"),
                new FeedPosition(row.getInt("epoch"), row.getLong("transaction"), row.getLong("number"))
                        .text(settings.feed()),
                json.readTree(row.getString("payload")));
    }

    private int remaining(CloudEvent last) {
        return jdbc.sql("select count(*) from (select 1 from outbox e where %s limit %d) as rest"
                        .formatted(VISIBLE, MAX_REMAINING))
                .params(parameters(
                        FeedPosition.parse(last.position(), settings.feed()).orElseThrow()))
                .query(Integer.class)
                .single();
    }

    private boolean isHeldBack(FeedPosition from) {
        return jdbc.sql("""
                        select exists (select from outbox e
                                        where (e.epoch, e.transaction, e.number)
                                            > (:epoch, cast(:transaction as xid8), :number))""").params(parameters(from)).query(Boolean.class).single();
    }

    /**
     * Deletes events that are older than the retention and that every known consumer has read.
     *
     * @return the number of deleted events
     */
    int deleteOld(Instant now) {
        var before = now.minus(settings.retention()).atOffset(ZoneOffset.UTC);
        var deleted = 0;
        while (true) {
            var batch = deleteBatch(before);
            deleted += batch;
            if (batch < DELETE_BATCH) {
                return deleted;
            }
        }
    }

    /** A batch fits into the timeout of a statement. Begins with the oldest, and ends at once if a consumer has not read that one. */
    private int deleteBatch(OffsetDateTime before) {
        return jdbc.sql("""
                        with slowest as (
                            select epoch, transaction, number from outbox_consumers order by epoch, transaction, number limit 1
                        ), oldest as (
                            select epoch, transaction, number from outbox order by epoch, transaction, number limit 1
                        ), old as materialized (
                            select e.id, e.epoch, e.transaction, e.number
                              from outbox e
                             where e.occurred_at < :before
                               and not exists (select from slowest s, oldest o
                                                where (s.epoch, s.transaction, s.number) < (o.epoch, o.transaction, o.number))
                               and not exists (select from slowest s
                                                where (s.epoch, s.transaction, s.number) < (e.epoch, e.transaction, e.number))
                             order by e.occurred_at limit :batch
                        ), deleted as (
                            delete from outbox e using old where e.id = old.id returning old.epoch, old.transaction, old.number
                        ), noted as (
                            insert into outbox_deleted as d (epoch, transaction, number)
                            select epoch, transaction, number from deleted
                             order by epoch desc, transaction desc, number desc limit 1
                                on conflict (single) do update
                               set epoch = excluded.epoch, transaction = excluded.transaction, number = excluded.number
                             where (d.epoch, d.transaction, d.number) < (excluded.epoch, excluded.transaction, excluded.number)
                        )
                        select count(*) from deleted""")
                .param("before", before)
                .param("batch", DELETE_BATCH)
                .query(Integer.class)
                .single();
    }

    private static Map<String, Object> parameters(FeedPosition position) {
        return Map.of(
                "epoch", position.epoch(),
                "transaction", Long.toString(position.transaction()),
                "number", position.number());
    }
}
