package dev.feira.events.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.events.CloudEvent;
import dev.feira.events.TestService;
import dev.feira.events.outbox.Outbox;
import dev.feira.events.outbox.OutboxEvent;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Runs the connector of {@code k8s/components/kafka} on an outbox, and compares its topic with the feed. */
class OutboxConnectorTests {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path folder;

    private Transport.Kafka kafka;
    private TestService producer;

    @BeforeEach
    void open() throws Exception {
        kafka = new Transport.Kafka(folder);
        producer = TestService.on(kafka.database(), List.of());
    }

    @AfterEach
    void close() throws Exception {
        kafka.close();
        producer.close();
    }

    private void append(String subject, int from, int to) {
        for (var number = from; number < to; number++) {
            var data = Map.of("number", number, "price", 1.10, "name", "Maçã");
            producer.transaction()
                    .executeWithoutResult(_ -> producer.bean(Outbox.class)
                            .append(new OutboxEvent("thing", subject, "thing.made.v1", data, Instant.now())));
        }
    }

    private List<CloudEvent> topic() {
        var partitions = IntStream.range(0, Transport.Kafka.PARTITIONS)
                .mapToObj(number -> new TopicPartition("feira.things", number))
                .toList();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.broker().address()),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var end = consumer.endOffsets(partitions);
            var events = new ArrayList<CloudEvent>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < end.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> events.add(new KafkaEvents(JSON).read(record)));
            }
            return events;
        }
    }

    private List<CloudEvent> feed() {
        var events = new ArrayList<CloudEvent>();
        while (true) {
            var more = producer.events(
                    "?wait=1&after=" + (events.isEmpty() ? "" : events.getLast().position()));
            if (more.isEmpty()) {
                return events;
            }
            events.addAll(more);
        }
    }

    private static CloudEvent withoutPosition(CloudEvent event) {
        return new CloudEvent(
                event.specversion(),
                event.id(),
                event.source(),
                event.type(),
                event.subject(),
                event.time(),
                event.datacontenttype(),
                event.traceparent(),
                "",
                event.data());
    }

    private static Predicate<List<CloudEvent>> hasSize(int size) {
        return events -> events.size() >= size;
    }

    private static List<CloudEvent> withoutPositions(List<CloudEvent> events) {
        return events.stream().map(OutboxConnectorTests::withoutPosition).toList();
    }

    @Test
    void writesWhatTheFeedReturns() throws Exception {
        kafka.connect(producer);
        append("a", 0, 3);
        producer.jdbc().sql("""
                        insert into outbox (id, aggregatetype, aggregateid, type, payload, traceparent, occurred_at, epoch)
                        select gen_random_uuid(), aggregatetype, 'a', 'thing.made.v2', '{}',
                               '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', occurred_at, epoch
                          from outbox limit 1""").update();

        await().atMost(SOON).until(this::topic, hasSize(4));
        assertThat(withoutPositions(topic())).isEqualTo(withoutPositions(feed()));
        assertThat(topic()).extracting(CloudEvent::traceparent).startsWith(null, null, null);
    }

    @Test
    void beginsWithTheEventsThatAreThere() throws Exception {
        append("a", 0, 200);
        kafka.connect(producer);
        append("a", 200, 250);

        await().atMost(SOON).until(this::topic, hasSize(250));
        assertThat(withoutPositions(topic())).isEqualTo(withoutPositions(feed()));
    }

    @Test
    void continuesWhereItEnded() throws Exception {
        kafka.connect(producer);
        append("a", 0, 20);
        await().atMost(SOON).until(this::topic, hasSize(20));
        kafka.connector().stop();
        append("a", 20, 40);
        kafka.connector().start();

        await().atMost(SOON).until(() -> ids(topic()).containsAll(ids(feed())));
    }

    /** Replication slots do not survive a restore, or a volume that was full: the kept events are read again. */
    @Test
    void readsKeptEventsAgainWhenItsSlotIsLost() throws Exception {
        kafka.connect(producer);
        append("a", 0, 20);
        await().atMost(SOON).until(this::topic, hasSize(20));
        kafka.connector().stop();
        append("a", 20, 40);
        TestDatabase.execute(
                kafka.database(),
                "select pg_drop_replication_slot('%s')"
                        .formatted(kafka.database().name()));
        append("a", 40, 60);
        kafka.connector().start();

        await().atMost(SOON).until(() -> ids(topic()).containsAll(ids(feed())));
        assertThat(ids(topic())).isEqualTo(ids(feed()));
    }

    private static List<String> ids(List<CloudEvent> events) {
        return events.stream().map(CloudEvent::id).distinct().toList();
    }

    @Test
    void writesNothingWhenEventsAreDeleted() throws Exception {
        kafka.connect(producer);
        append("a", 0, 3);
        await().atMost(SOON).until(this::topic, hasSize(3));
        producer.jdbc().sql("delete from outbox").update();
        append("a", 3, 4);

        await().atMost(SOON).until(this::topic, hasSize(4));
        assertThat(topic()).hasSize(4);
    }

    /** The feed shows nothing above the oldest open transaction; the log has what is committed. */
    @Test
    void doesNotWaitForOpenTransaction() throws Exception {
        kafka.connect(producer);
        append("a", 0, 1);
        await().atMost(SOON).until(this::topic, hasSize(1));
        var database = kafka.database();
        try (var connection = DriverManager.getConnection(
                        database.getJdbcUrl(), database.getUsername(), database.getPassword());
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select pg_current_xact_id()");
            append("a", 1, 2);

            await().atMost(SOON).until(this::topic, hasSize(2));
            assertThat(feed()).hasSize(1);
        }
    }

    /** Otherwise PostgreSQL keeps the log of all other databases, too. */
    @Test
    void releasesLogWhileNoEventsCome() throws Exception {
        kafka.connector().set("heartbeat.interval.ms", "200");
        kafka.connect(producer);
        append("a", 0, 1);
        await().atMost(SOON).until(this::topic, hasSize(1));
        producer.jdbc()
                .sql("insert into effects (subject, effect) select 'x', 'x' from generate_series(1, 1000)")
                .update();
        var now = producer.jdbc()
                .sql("select cast(pg_current_wal_lsn() as text)")
                .query(String.class)
                .single();

        await().atMost(SOON)
                .until(() -> producer.jdbc()
                        .sql("""
                                select confirmed_flush_lsn >= cast(:now as pg_lsn) from pg_replication_slots
                                 where slot_name = :slot""")
                        .param("now", now)
                        .param("slot", kafka.database().name())
                        .query(Boolean.class)
                        .single());
        assertThat(topic()).hasSize(1);
    }

    @Test
    void readsNoOtherTable() throws Exception {
        OutboxConnector.publish(kafka.database());

        assertThat(producer.jdbc().sql("""
                                select relname from pg_class
                                 where relkind = 'r' and relnamespace = 'public'::regnamespace
                                   and has_table_privilege('debezium', oid, 'select, insert, update, delete')""").query(String.class).list()).containsExactly("outbox");
        assertThat(Stream.of("insert", "update", "delete"))
                .allSatisfy(privilege -> assertThat(producer.jdbc()
                                .sql("select has_table_privilege('debezium', 'outbox', :privilege)")
                                .param("privilege", privilege)
                                .query(Boolean.class)
                                .single())
                        .isFalse());
    }
}
