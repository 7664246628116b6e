package dev.feira.events.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feira.events.CloudEvent;
import dev.feira.test.PostgresConfiguration;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Applies events of a feed to a real database, whose table {@code effects} shows what was done. */
class EventReceiverTests {

    private static final String FEED = "things";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final InboxProperties SETTINGS = new InboxProperties(
            Map.of(FEED, URI.create("http://localhost:1")),
            new InboxProperties.Client("test", "the-secret-of-the-consumer"),
            Duration.ofSeconds(1),
            Duration.ZERO,
            Duration.ofSeconds(15),
            100,
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            3,
            Duration.ofMinutes(1),
            Duration.ofDays(7),
            new InboxProperties.Kafka("", Set.of(), Map.of()));

    private final Set<String> failing = new HashSet<>();
    private JdbcClient jdbc;
    private TransactionTemplate transaction;
    private Inbox inbox;
    private EventReceiver receiver;
    private RuntimeException failure = new IllegalStateException("no such thing");

    @BeforeEach
    void start() {
        var database = PostgresConfiguration.freshDatabase();
        var source = new DriverManagerDataSource(database.getJdbcUrl(), database.getUsername(), database.getPassword());
        Flyway.configure().dataSource(source).load().migrate();
        jdbc = JdbcClient.create(source);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(source));
        inbox = new Inbox(jdbc, JSON);
        receiver = new EventReceiver(inbox, List.of(new Effects()), transaction, ObservationRegistry.NOOP, SETTINGS);
        assertThat(inbox.lease(FEED, Duration.ofMinutes(1))).contains("");
    }

    /** Writes an effect, then fails for the subjects that are to fail: the effect must not stay. */
    private final class Effects implements EventHandler {

        @Override
        public String feed() {
            return FEED;
        }

        @Override
        public Set<String> types() {
            return Set.of("thing.made.v1", "thing.erased.v1");
        }

        @Override
        public Set<String> finalTypes() {
            return Set.of("thing.erased.v1");
        }

        @Override
        public void handle(CloudEvent event) {
            jdbc.sql("insert into effects (subject, effect) values (:subject, :effect)")
                    .param("subject", event.subject())
                    .param("effect", event.id())
                    .update();
            if (failing.contains(event.subject())) {
                throw failure;
            }
        }
    }

    private static CloudEvent event(String id, String subject) {
        return event(id, subject, "thing.made.v1");
    }

    private static CloudEvent event(String id, String subject, String type) {
        return new CloudEvent(
                "1.0",
                id,
                "/feeds/things",
                type,
                subject,
                Instant.EPOCH,
                "application/json",
                null,
                "at-" + id,
                JSON.createObjectNode());
    }

    private List<String> effects() {
        return jdbc.sql("select effect from effects order by number")
                .query(String.class)
                .list();
    }

    private String position() {
        return jdbc.sql("select position from feed_positions")
                .query(String.class)
                .single();
    }

    private void makeDue() {
        jdbc.sql("update deferred_events set due_at = now() where due_at is not null")
                .update();
    }

    @Test
    void appliesEventsInOrderAndMovesPosition() {
        assertThat(receiver.receive(FEED, "", List.of(event("1", "a"), event("2", "b"), event("3", "a"))))
                .isEqualTo(3);

        assertThat(effects()).containsExactly("1", "2", "3");
        assertThat(position()).isEqualTo("at-3");
    }

    @Test
    void appliesEventOnceThatComesTwice() {
        receiver.receive(FEED, "", List.of(event("1", "a")));
        receiver.receive(FEED, "at-1", List.of(event("1", "a"), event("2", "a")));

        assertThat(effects()).containsExactly("1", "2");
    }

    @Test
    void leavesBatchToReplicaThatMovedThePosition() {
        receiver.receive(FEED, "", List.of(event("1", "a"), event("2", "b")));

        assertThat(receiver.receive(FEED, "", List.of(event("1", "a"), event("2", "b"))))
                .isZero();
        assertThat(effects()).containsExactly("1", "2");
    }

    @Test
    void skipsTypesWithoutHandler() {
        receiver.receive(FEED, "", List.of(event("1", "a", "thing.painted.v1"), event("2", "a")));

        assertThat(effects()).containsExactly("2");
        assertThat(inbox.deferred(10)).isEmpty();
    }

    @Test
    void keepsFailedEventAndLaterOnesOfItsSubjectWhileOthersGoOn() {
        failing.add("bad");

        receiver.receive(
                FEED, "", List.of(event("1", "bad"), event("2", "good"), event("3", "bad"), event("4", "good")));

        assertThat(effects()).containsExactly("2", "4");
        assertThat(position()).isEqualTo("at-4");
        assertThat(inbox.deferred(10)).extracting(ParkedEvent::id).containsExactly("1", "3");
    }

    @Test
    void appliesKeptEventsInOrderWhenTheCauseIsGone() {
        failing.add("bad");
        receiver.receive(FEED, "", List.of(event("1", "bad"), event("2", "bad"), event("3", "bad")));
        failing.clear();
        receiver.retryDue(FEED);
        assertThat(effects()).as("not due").isEmpty();

        makeDue();
        receiver.retryDue(FEED);

        assertThat(effects()).containsExactly("1", "2", "3");
        assertThat(inbox.deferred(10)).isEmpty();
    }

    @Test
    void parksEventAfterLastAttempt() {
        failing.add("bad");
        receiver.receive(FEED, "", List.of(event("1", "bad"), event("2", "bad")));
        for (var attempt = 2; attempt <= SETTINGS.attempts(); attempt++) {
            makeDue();
            receiver.retryDue(FEED);
        }

        makeDue();
        failing.clear();
        receiver.retryDue(FEED);

        assertThat(inbox.parked(FEED)).isEqualTo(1);
        assertThat(inbox.deferred(10).getFirst().error()).contains("no such thing");
        assertThat(effects()).as("the later event waits for it").isEmpty();

        assertThat(inbox.retryNow("1")).isTrue();
        receiver.retryDue(FEED);
        assertThat(effects()).containsExactly("1", "2");
    }

    @Test
    void appliesLaterEventsWhenParkedOneIsDropped() {
        failing.add("bad");
        receiver.receive(FEED, "", List.of(event("1", "bad"), event("2", "bad")));
        failing.clear();

        assertThat(inbox.drop("1")).isTrue();
        receiver.retryDue(FEED);

        assertThat(effects()).containsExactly("2");
        assertThat(inbox.drop("1")).isFalse();
        assertThat(inbox.retryNow("1")).isFalse();
    }

    /** Without it, a parked event would keep the data of somebody who is erased, and hold the erasure up. */
    @Test
    void dropsEarlierEventsThatCouldNotBeAppliedForFinalOne() {
        failing.add("bad");
        receiver.receive(FEED, "", List.of(event("1", "bad"), event("2", "bad"), event("3", "good")));
        failing.clear();

        receiver.receive(FEED, "at-3", List.of(event("4", "bad", "thing.erased.v1")));

        assertThat(effects()).containsExactly("3", "4");
        assertThat(inbox.deferred(10)).isEmpty();
    }

    @Test
    void keepsEventOfUnknownVersion() {
        receiver.receive(FEED, "", List.of(event("1", "a", "thing.made.v2"), event("2", "b")));

        assertThat(effects()).containsExactly("2");
        assertThat(inbox.deferred(10).getFirst().error()).contains("thing.made.v2");
    }

    /** An outage of the database says nothing about the event: it must not use up its attempts. */
    @Test
    void staysBeforeEventDuringOutage() {
        failing.add("a");
        failure = new DataAccessResourceFailureException("the connection is lost");

        assertThatThrownBy(() -> receiver.receive(FEED, "", List.of(event("1", "a"))))
                .isSameAs(failure);

        assertThat(position()).isEmpty();
        assertThat(inbox.deferred(10)).isEmpty();
        failing.clear();
        receiver.receive(FEED, "", List.of(event("1", "a")));
        assertThat(effects()).containsExactly("1");
    }

    /** Failures of one event's statements must not hold up the feed. */
    @Test
    void keepsEventWhoseStatementsFail() {
        failing.add("bad");
        for (var each : List.of(
                new QueryTimeoutException("too slow"),
                new CannotAcquireLockException("locked"),
                new DataAccessResourceFailureException("too long", new SQLException("index row", "54000")))) {
            failure = each;
            var before = position();
            receiver.receive(FEED, before, List.of(event("bad" + before, "bad"), event("good" + before, "good")));

            assertThat(effects()).contains("good" + before);
            assertThat(inbox.deferred(10)).extracting(ParkedEvent::id).contains("bad" + before);
        }
    }

    @Test
    void leasesFeedToOneReplica() {
        var other = new Inbox(jdbc, JSON);

        assertThat(other.lease(FEED, Duration.ofMinutes(1))).isEmpty();
        inbox.release(FEED);
        assertThat(other.lease(FEED, Duration.ofMinutes(1))).contains("");
        assertThat(inbox.lease(FEED, Duration.ofMinutes(1))).isEmpty();
        jdbc.sql("update feed_positions set leased_until = now() - interval '1 second'")
                .update();
        assertThat(inbox.lease(FEED, Duration.ofMinutes(1)))
                .as("the other replica has died")
                .contains("");
    }

    @Test
    void restsLongerAfterEachAttempt() {
        failing.add("bad");
        receiver.receive(FEED, "", List.of(event("1", "bad")));
        var first = rest();
        makeDue();
        receiver.retryDue(FEED);

        assertThat(rest()).isEqualTo(first.multipliedBy(2)).isEqualTo(SETTINGS.longestRetry());
    }

    /** Returns the rest in whole minutes, of which less than one has passed. */
    private Duration rest() {
        return Duration.ofMinutes(jdbc.sql("select ceil(extract(epoch from due_at - now()) / 60) from deferred_events")
                .query(Long.class)
                .single());
    }

    @Test
    void deletesIdsOfOldEvents() {
        receiver.receive(FEED, "", List.of(event("1", "a")));
        jdbc.sql("update received_events set received_at = now() - interval '8 days'")
                .update();
        receiver.receive(FEED, "at-1", List.of(event("2", "a")));

        assertThat(inbox.deleteReceived(Instant.now().minus(SETTINGS.receivedRetention())))
                .isEqualTo(1);
        assertThat(jdbc.sql("select id from received_events")
                        .query(String.class)
                        .list())
                .containsExactly("2");
    }
}
