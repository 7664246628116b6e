package dev.feira.events.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.feira.events.CloudEvent;
import dev.feira.events.TestService;
import dev.feira.test.PostgresConfiguration;
import dev.feira.test.TestIdentity;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** Reads the feed of a running service over HTTP. */
class FeedTests {

    private static final JdbcConnectionDetails database = PostgresConfiguration.freshDatabase();
    private static final TestService service = TestService.on(database, List.of());

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void empty() {
        service.jdbc().sql("truncate outbox, outbox_consumers, outbox_deleted").update();
    }

    private static void append(String subject) {
        service.transaction()
                .executeWithoutResult(_ -> service.bean(Outbox.class).append(event(subject)));
    }

    private static OutboxEvent event(String subject) {
        return new OutboxEvent("thing", subject, "thing.made.v1", Map.of("size", 1), Instant.now());
    }

    private static List<String> subjects(String query) {
        return service.events(query).stream().map(CloudEvent::subject).toList();
    }

    @Test
    void returnsEventsAfterPosition() {
        append("a");
        append("b");
        append("c");

        var first = service.events("?limit=2");
        var response = service.feed("?limit=2");

        assertThat(first).extracting(CloudEvent::subject).containsExactly("a", "b");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/cloudevents-batch+json");
        assertThat(response.headers().firstValue("Feed-Remaining")).contains("1");
        assertThat(subjects("?after=" + first.getLast().position())).containsExactly("c");
        assertThat(first.getFirst().type()).isEqualTo("thing.made.v1");
        assertThat(first.getFirst().source()).isEqualTo("/feeds/things");
        assertThat(first.getFirst().data().get("size").asInt()).isEqualTo(1);
    }

    @Test
    void returnsNoEventOfChangeThatIsRolledBack() {
        service.transaction().executeWithoutResult(status -> {
            service.bean(Outbox.class).append(event("never"));
            status.setRollbackOnly();
        });

        assertThat(service.feed("").statusCode()).isEqualTo(204);
    }

    @Test
    void rejectsEventWithoutTransaction() {
        assertThatThrownBy(() -> service.bean(Outbox.class).append(event("alone")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("thing.made.v1");
    }

    /** Numbers are given before the commit: a reader that went by them would never see the slow transaction's event. */
    @Test
    void holdsBackEventsUntilOlderTransactionsHaveEnded() throws SQLException {
        try (var slow = connect()) {
            slow.setAutoCommit(false);
            insert(slow, "slow");
            append("fast");

            assertThat(subjects("")).isEmpty();
            slow.commit();
        }

        assertThat(subjects("")).containsExactly("slow", "fast");
    }

    /** The number is older than the one of the committed event, the transaction is not. */
    @Test
    void ordersByTransactionBeforeNumber() throws SQLException {
        try (var late = connect()) {
            late.setAutoCommit(false);
            long number;
            try (var statement = late.createStatement();
                    var row = statement.executeQuery("select nextval(pg_get_serial_sequence('outbox', 'number'))")) {
                row.next();
                number = row.getLong(1);
            }
            late.rollback(); // the next statement gets a new transaction
            append("first");
            var seen = service.events("").getLast().position();
            try (var statement = late.createStatement()) {
                statement.execute(
                        "insert into outbox (id, aggregatetype, aggregateid, type, payload, occurred_at, epoch, number)"
                                + " overriding system value values (gen_random_uuid(), 'thing', 'second', 'thing.made.v1', '{}', now(),"
                                + " (select max(number) from outbox_epochs), " + number + ")");
            }
            late.commit();

            assertThat(subjects("?after=" + seen)).containsExactly("second");
        }
    }

    @Test
    void wakesWaitingReader() throws Exception {
        append("before");
        var position = service.events("").getLast().position();

        var waiting = service.feedAs("waiting", "?wait=55&after=" + position);
        awaitRequestOf("waiting");
        append("awaited");

        assertThat(waiting.get(30, TimeUnit.SECONDS).body()).contains("\"subject\":\"awaited\"");
    }

    @Test
    void returnsHeldBackEventToWaitingReader() throws Exception {
        try (var slow = connect()) {
            slow.setAutoCommit(false);
            insert(slow, "slow");
            append("fast");
            var waiting = service.feedAs("waiting", "?wait=55");
            awaitRequestOf("waiting");
            slow.commit(); // without a notification

            assertThat(waiting.get(30, TimeUnit.SECONDS).body())
                    .contains("slow")
                    .contains("fast");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"orders-1-5-5", "things", "things-1-2", "things-1-2-3-4", "-1", "things-1-x-3", "things-99-1-1"})
    void rejectsPositionThatIsNotOfThisFeed(String position) {
        var response = service.feed("?after=" + position);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("urn:feira:problem:invalid-feed-position", "Use the `position`");
    }

    @Test
    void rejectsPositionOfTheFuture() {
        append("a");
        var position = service.events("").getLast().position().split("-");

        var response =
                service.feed("?after=things-%s-%d-1".formatted(position[1], Long.parseLong(position[2]) + 1_000_000));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("after the end of the feed");
    }

    @Test
    void deletesOldEventsWhenAllConsumersHaveReadThem() {
        append("a");
        append("b");
        append("c");
        var events = service.events("");
        service.feedAs("fast", "?after=" + events.get(2).position()).join();
        service.feedAs("slow", "?after=" + events.get(0).position()).join();
        service.jdbc()
                .sql("delete from outbox_consumers where consumer = 'reader'")
                .update();
        service.jdbc()
                .sql("update outbox set occurred_at = now() - interval '2 days'")
                .update();

        assertThat(service.bean(Feed.class).deleteOld(Instant.now())).isEqualTo(1);
        assertThat(subjects("?after=" + events.getFirst().position())).containsExactly("b", "c");
    }

    @Test
    void deletesNothingBeforeEveryConsumerHasRead() {
        append("a");
        append("b");
        var last = service.events("").getLast().position();
        service.feedAs("new", "").join();
        service.feed("?after=" + last);
        service.jdbc()
                .sql("update outbox set occurred_at = now() - interval '2 days'")
                .update();

        assertThat(service.bean(Feed.class).deleteOld(Instant.now())).isZero();
    }

    @Test
    void beginsOneEpochForEachRestore() {
        var feed = service.bean(Feed.class);
        var before = epochs();

        feed.run();
        assertThat(epochs()).as("the same cluster").isEqualTo(before);
        service.jdbc().sql("update outbox_epochs set cluster = cluster + 1").update();
        feed.run();
        feed.run();

        assertThat(epochs()).isEqualTo(before + 1);
    }

    private static int epochs() {
        return service.jdbc()
                .sql("select count(*) from outbox_epochs")
                .query(Integer.class)
                .single();
    }

    @Test
    void keepsEventsWithinTheRetention() {
        append("a");
        service.feed("?after=" + service.events("").getLast().position());

        assertThat(service.bean(Feed.class).deleteOld(Instant.now())).isZero();
    }

    @Test
    void rejectsPositionBeforeDeletedEvents() {
        append("a");
        append("b");
        append("c");
        var events = service.events("");
        service.feed("?after=" + events.get(1).position());
        service.jdbc()
                .sql("update outbox set occurred_at = now() - interval '2 days'")
                .update();
        assertThat(service.bean(Feed.class).deleteOld(Instant.now())).isEqualTo(2);

        var response = service.feed("?after=" + events.getFirst().position());

        assertThat(response.statusCode()).isEqualTo(410);
        assertThat(response.body()).contains("urn:feira:problem:feed-position-expired");
        assertThat(subjects("?after=" + events.get(1).position())).containsExactly("c");
        assertThat(subjects("")).as("a new consumer").containsExactly("c");
    }

    /** A cluster into which a dump is restored counts its transactions from the start. */
    @Test
    void returnsEventsOfRestoredDatabaseAfterEarlierOnes() {
        append("before");
        service.jdbc()
                .sql("update outbox set transaction = cast('4000000000' as xid8)")
                .update();
        assertThat(subjects(""))
                .as("a transaction that this cluster has not reached")
                .isEmpty();
        service.jdbc().sql("update outbox_epochs set timeline = timeline + 1").update();

        service.bean(Feed.class).run();
        append("after");

        var all = service.events("");
        assertThat(all).extracting(CloudEvent::subject).containsExactly("before", "after");
        assertThat(subjects("?after=" + all.getFirst().position())).containsExactly("after");
    }

    @Test
    void forbidsOthersToRead() throws Exception {
        assertThat(service.send("GET", "/feeds/things", TestIdentity.token("staff", "staff"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(service.send("GET", "/feeds/things", TestIdentity.serviceToken("other", "feeds.orders"))
                        .statusCode())
                .isEqualTo(403);
    }

    /** The request has begun; what follows in it reads the outbox once, or waits. */
    private static void awaitRequestOf(String consumer) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> service.jdbc()
                        .sql("select exists (select from outbox_consumers where consumer = :consumer)")
                        .param("consumer", consumer)
                        .query(Boolean.class)
                        .single());
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(database.getJdbcUrl(), database.getUsername(), database.getPassword());
    }

    private static void insert(Connection connection, String subject) throws SQLException {
        try (var statement = connection.prepareStatement(
                "insert into outbox (id, aggregatetype, aggregateid, type, payload, occurred_at, epoch)"
                        + " values (gen_random_uuid(), 'thing', ?, 'thing.made.v1', '{}', now(),"
                        + " (select max(number) from outbox_epochs))")) {
            statement.setString(1, subject);
            statement.executeUpdate();
        }
    }
}
