package dev.feira.events.inbox;

import dev.feira.events.CloudEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The inbox's tables: the position in each feed, the ids of applied events, and the events that could not be applied. */
final class Inbox {

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final String replica = UUID.randomUUID().toString();

    Inbox(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** An event that could not be applied. */
    record Deferred(long number, CloudEvent event, int attempts) {}

    /**
     * Takes or renews the lease of a feed.
     *
     * @return the position of the last applied event, empty text at the beginning; nothing if another replica has the lease
     */
    Optional<String> lease(String feed, Duration lease) {
        jdbc.sql("""
                        insert into feed_positions (feed, leased_by, leased_until) values (:feed, :replica, now())
                            on conflict do nothing""").param("feed", feed).param("replica", replica).update();
        return jdbc.sql("""
                        update feed_positions
                           set leased_by = :replica, leased_until = now() + make_interval(secs => :seconds)
                         where feed = :feed and (leased_by = :replica or leased_until <= now())
                        returning position""")
                .param("feed", feed)
                .param("replica", replica)
                .param("seconds", lease.toMillis() / 1000.0)
                .query(String.class)
                .optional();
    }

    /** Gives the lease of a feed up, for another replica. */
    void release(String feed) {
        jdbc.sql("update feed_positions set leased_until = now() where feed = :feed and leased_by = :replica")
                .param("feed", feed)
                .param("replica", replica)
                .update();
    }

    /**
     * Moves the position past an event, in the caller's transaction.
     *
     * @return false if another replica has moved it
     */
    boolean move(String feed, String from, String to) {
        return jdbc.sql(
                                "update feed_positions set position = :to, moved_at = now() where feed = :feed and position = :from")
                        .param("feed", feed)
                        .param("from", from)
                        .param("to", to)
                        .update()
                == 1;
    }

    /**
     * Notes an event as received, in the caller's transaction.
     *
     * @return false if it was received before
     */
    boolean receive(String feed, CloudEvent event) {
        return jdbc.sql("insert into received_events (feed, id) values (:feed, :id) on conflict do nothing")
                        .param("feed", feed)
                        .param("id", event.id())
                        .update()
                == 1;
    }

    /** Returns which of these ids were received. */
    List<String> received(String feed, List<String> ids) {
        return jdbc.sql("select id from received_events where feed = :feed and id = any(:ids)")
                .param("feed", feed)
                .param("ids", ids.toArray(String[]::new))
                .query((row, _) -> row.getString("id"))
                .list();
    }

    /** Returns the part of a feed that was read and not audited yet; nothing if there is none. */
    Optional<FeedAudit.Range> unaudited(String feed) {
        return jdbc.sql("select audited, position from feed_positions where feed = :feed and audited <> position")
                .param("feed", feed)
                .query((row, _) -> new FeedAudit.Range(row.getString("audited"), row.getString("position")))
                .optional();
    }

    /**
     * Notes a part of a feed as audited, up to a position.
     *
     * @return the rest; null if there is none, or another replica audits it
     */
    FeedAudit.@Nullable Range audited(String feed, FeedAudit.Range range, String position) {
        var updated = jdbc.sql("update feed_positions set audited = :position where feed = :feed and audited = :begin")
                .param("position", position)
                .param("feed", feed)
                .param("begin", range.begin())
                .update();
        return updated == 1 ? range.after(position) : null;
    }

    /** Returns whether an earlier event of the same aggregate could not be applied yet. */
    boolean isBlocked(String feed, CloudEvent event) {
        return jdbc.sql("select exists (select from deferred_events where feed = :feed and subject = :subject)")
                .param("feed", feed)
                .param("subject", event.subject())
                .query(Boolean.class)
                .single();
    }

    /**
     * Keeps an event for later, in the caller's transaction.
     *
     * @param rest time until the next attempt; null parks it
     */
    void defer(String feed, CloudEvent event, int attempts, @Nullable Duration rest, @Nullable String error) {
        jdbc.sql("""
                        insert into deferred_events (feed, id, type, subject, event, attempts, due_at, error)
                        values (:feed, :id, :type, :subject, cast(:event as jsonb), :attempts,
                                now() + make_interval(secs => :rest), :error)""")
                .param("feed", feed)
                .param("id", event.id())
                .param("type", event.type())
                .param("subject", event.subject())
                .param("event", json.writeValueAsString(event))
                .param("attempts", attempts)
                .param("rest", rest == null ? null : rest.toMillis() / 1000.0)
                .param("error", error)
                .update();
    }

    /** Returns the due event of the longest waiting aggregate, locked until the end of the caller's transaction. */
    Optional<Deferred> due(String feed) {
        return jdbc.sql("""
                        select d.number, cast(d.event as text) as event, d.attempts
                          from deferred_events d
                         where d.feed = :feed and d.due_at <= now()
                           and not exists (select from deferred_events e
                                            where e.feed = d.feed and e.subject = d.subject and e.number < d.number)
                         order by d.number limit 1 for update of d skip locked""")
                .param("feed", feed)
                .query((row, _) -> new Deferred(
                        row.getLong("number"),
                        json.readValue(row.getString("event"), CloudEvent.class),
                        row.getInt("attempts")))
                .optional();
    }

    /** Returns when the next deferred event is due; parked ones are never. */
    Optional<Instant> nextDue(String feed) {
        return jdbc.sql("""
                        select min(d.due_at) from deferred_events d
                         where d.feed = :feed
                           and not exists (select from deferred_events e
                                            where e.feed = d.feed and e.subject = d.subject and e.number < d.number)""")
                .param("feed", feed)
                .query((row, _) -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class)))
                .single()
                .map(OffsetDateTime::toInstant);
    }

    void remove(Deferred deferred) {
        jdbc.sql("delete from deferred_events where number = :number")
                .param("number", deferred.number())
                .update();
    }

    /** @param rest time until the next attempt; null parks the event */
    void retryLater(Deferred deferred, @Nullable Duration rest, String error) {
        jdbc.sql("""
                        update deferred_events
                           set attempts = :attempts, due_at = now() + make_interval(secs => :rest), error = :error
                         where number = :number""")
                .param("attempts", deferred.attempts() + 1)
                .param("rest", rest == null ? null : rest.toMillis() / 1000.0)
                .param("error", error)
                .param("number", deferred.number())
                .update();
    }

    /** Returns the number of parked events of a feed. */
    int parked(String feed) {
        return jdbc.sql("select count(*) from deferred_events where feed = :feed and due_at is null")
                .param("feed", feed)
                .query(Integer.class)
                .single();
    }

    /** Returns the number of parked events of all feeds. */
    int parked() {
        return jdbc.sql("select count(*) from deferred_events where due_at is null")
                .query(Integer.class)
                .single();
    }

    /** Returns the events that could not be applied, oldest first, at most {@code limit}. */
    List<ParkedEvent> deferred(int limit) {
        return jdbc.sql("""
                        select id, feed, type, subject, attempts, due_at, error, deferred_at, cast(event - 'data' as text) as event
                          from deferred_events order by number limit :limit""")
                .param("limit", limit)
                .query((row, _) -> new ParkedEvent(
                        row.getString("id"),
                        row.getString("feed"),
                        row.getString("type"),
                        row.getString("subject"),
                        row.getInt("attempts"),
                        row.getString("error"),
                        row.getObject("deferred_at", OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getObject("due_at", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)
                                .orElse(null),
                        json.readTree(row.getString("event"))))
                .list();
    }

    /** Makes an event due now, with all its attempts; returns whether it is there. */
    boolean retryNow(String id) {
        return jdbc.sql("update deferred_events set attempts = 0, due_at = now() where id = :id")
                        .param("id", id)
                        .update()
                > 0;
    }

    /** Removes an event that will not be applied; returns whether it was there. */
    boolean drop(String id) {
        return jdbc.sql("delete from deferred_events where id = :id")
                        .param("id", id)
                        .update()
                > 0;
    }

    /** Removes the events of a subject that could not be applied. */
    void dropOf(String feed, String subject) {
        jdbc.sql("delete from deferred_events where feed = :feed and subject = :subject")
                .param("feed", feed)
                .param("subject", subject)
                .update();
    }

    /** Deletes the ids of events that were received before a time. */
    int deleteReceived(Instant before) {
        return jdbc.sql("delete from received_events where received_at < :before")
                .param("before", before.atOffset(ZoneOffset.UTC))
                .update();
    }
}
