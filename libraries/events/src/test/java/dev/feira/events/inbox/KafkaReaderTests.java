package dev.feira.events.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.feira.events.TestService;
import dev.feira.events.outbox.Outbox;
import dev.feira.events.outbox.OutboxEvent;
import dev.feira.test.PostgresConfiguration;
import dev.feira.test.TestIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Reads records that the test writes to a broker. */
class KafkaReaderTests {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String TOPIC = "feira.things";
    private static final String GROUP = "events-test.things";

    private final JdbcConnectionDetails consumers = PostgresConfiguration.freshDatabase();

    @TempDir
    Path folder;

    private Broker broker;
    private KafkaProducer<String, String> producer;

    @BeforeEach
    void open() throws Exception {
        broker = new Broker(folder);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.address()), new StringSerializer(), new StringSerializer());
    }

    @AfterEach
    void close() {
        producer.close(Duration.ZERO);
        broker.close();
    }

    private TestService consumer() {
        return consumer(List.of("feira.inbox.feeds.things=http://localhost:1"));
    }

    private TestService consumer(List<String> feeds) {
        var settings = new ArrayList<>(feeds);
        settings.addAll(List.of(
                "feira.inbox.kafka.bootstrap-servers=" + broker.address(),
                "feira.inbox.client.id=consumer",
                "feira.inbox.client.secret=the-secret-of-the-consumer",
                "feira.inbox.lease=7s",
                "feira.inbox.longest-wait=1s"));
        return TestService.on(consumers, List.of(Effects.class), settings.toArray(String[]::new));
    }

    private static ProducerRecord<String, String> event(String id, String subject, String number) {
        var record = new ProducerRecord<>(TOPIC, subject, "{\"number\": \"%s\"}".formatted(number));
        var attributes = Map.of(
                "ce_specversion", "1.0",
                "ce_id", id,
                "ce_source", "/feeds/things",
                "ce_type", "thing.made.v1",
                "ce_subject", subject,
                "ce_time", "2026-11-30T10:15:30.123456Z");
        attributes.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private void send(ProducerRecord<String, String> record) throws Exception {
        producer.send(record).get();
    }

    private static List<String> effects(TestService consumer) {
        return consumer.jdbc()
                .sql("select effect from effects order by number")
                .query(String.class)
                .list();
    }

    private long committed() throws Exception {
        try (var admin = broker.admin()) {
            return admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get().values().stream()
                    .filter(Objects::nonNull)
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        }
    }

    private List<Integer> partitionsOfMembers() throws Exception {
        try (var admin = broker.admin()) {
            return admin.describeConsumerGroups(List.of(GROUP)).describedGroups().get(GROUP).get().members().stream()
                    .map(member -> member.assignment().topicPartitions().size())
                    .toList();
        }
    }

    @Test
    void sharesPartitionsAmongReplicas() throws Exception {
        broker.createTopics(Map.of(TOPIC, 6));
        try (var first = consumer();
                var second = consumer()) {
            await().atMost(SOON).until(this::partitionsOfMembers, List.of(3, 3)::equals);
            for (var number = 0; number < 60; number++) {
                send(event("id-" + number, "subject-" + number, Integer.toString(number)));
            }

            await().atMost(SOON).until(() -> effects(first).size() >= 60);
            assertThat(effects(second)).hasSize(60).doesNotHaveDuplicates();
        }
    }

    @Test
    void waitsForTopic() throws Exception {
        try (var consumer = consumer()) {
            await().atMost(SOON)
                    .until(() -> consumer.bean(MeterRegistry.class)
                                    .get("feira.feed.lag")
                                    .gauge()
                                    .value()
                            > 0);

            broker.createTopics(Map.of(TOPIC, 1));
            send(event("id-1", "a", "1"));
            await().atMost(SOON).until(() -> effects(consumer), List.of("1")::equals);
        }
    }

    /** The same event to two replicas at once, as while partitions move: one of them applies it. */
    @Test
    void appliesEventOnceThatIsInTwoPartitions() throws Exception {
        broker.createTopics(Map.of(TOPIC, 2));
        try (var first = consumer();
                var second = consumer()) {
            await().atMost(SOON).until(this::partitionsOfMembers, List.of(1, 1)::equals);
            for (var number = 0; number < 200; number++) {
                for (var partition = 0; partition < 2; partition++) {
                    var record = event("id-" + number, "a", Integer.toString(number));
                    producer.send(
                            new ProducerRecord<>(TOPIC, partition, record.key(), record.value(), record.headers()));
                }
            }

            await().atMost(SOON).until(() -> effects(first).size() >= 200 && committed() == 400);
            assertThat(effects(second))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 200).mapToObj(String::valueOf).toList());
        }
    }

    @Test
    void commitsOffsetAfterTransaction() throws Exception {
        broker.createTopics(Map.of(TOPIC, 1));
        Effects.OUTAGE.set(true);
        try (var consumer = consumer()) {
            send(event("id-1", "a", "1"));
            await().atMost(SOON)
                    .until(() -> consumer.bean(MeterRegistry.class)
                                    .get("feira.feed.lag")
                                    .gauge()
                                    .value()
                            > 0);
            assertThat(committed()).isZero();

            Effects.OUTAGE.set(false);
            await().atMost(SOON).until(() -> committed() == 1);
            assertThat(effects(consumer)).containsExactly("1");
        } finally {
            Effects.OUTAGE.set(false);
        }
    }

    @Test
    void parksRecordsThatAreNoEventsWhileOthersGoOn() throws Exception {
        broker.createTopics(Map.of(TOPIC, 1));
        send(new ProducerRecord<>(TOPIC, "a", "{}"));
        send(new ProducerRecord<>(TOPIC, null, null));
        var noJson = event("id-3", "c", "3");
        send(new ProducerRecord<>(TOPIC, 0, "c", "{not\0 JSON", noJson.headers()));
        var nul = event("id-4", "d", "4");
        send(new ProducerRecord<>(TOPIC, 0, "d", "{\"number\": \"\\u0000\"}", nul.headers()));
        var time = event("id-5", "e", "5");
        time.headers().remove("ce_time").add("ce_time", "yesterday".getBytes(StandardCharsets.UTF_8));
        send(time);
        send(event("id-6", "f", "6"));
        try (var consumer = consumer()) {
            await().atMost(SOON).until(() -> effects(consumer), List.of("6")::equals);

            var parked = consumer.bean(Inbox.class).deferred(10);
            assertThat(parked).hasSize(5).allSatisfy(event -> {
                assertThat(event.type()).isEqualTo("unreadable");
                assertThat(event.nextAttemptAt()).isNull();
                assertThat(event.error()).isNotBlank();
            });
            assertThat(parked.getFirst().id()).isEqualTo("feira.things-0@0");
            assertThat(consumer.send("DELETE", "/parked-events/feira.things-0@0", TestIdentity.token("sofia", "staff"))
                            .statusCode())
                    .isEqualTo(204);
        }
    }

    @Test
    void readsFeedsWithoutTopicOverHttp() throws Exception {
        try (var feed = new Transport.Feed();
                var maker = TestService.on(feed.database(), List.of())) {
            feed.connect(maker);
            maker.transaction()
                    .executeWithoutResult(_ -> maker.bean(Outbox.class)
                            .append(new OutboxEvent(
                                    "thing", "a", "thing.made.v1", Map.of("number", "1"), Instant.now())));
            var settings = new ArrayList<>(feed.settings());
            settings.add("feira.inbox.feeds.others=http://localhost:1");
            settings.add("feira.inbox.kafka.feeds=others");

            try (var consumer = consumer(settings)) {
                await().atMost(SOON).until(() -> effects(consumer), List.of("1")::equals);
            }
        }
    }

    @Test
    void endsStartWithTopicOfFeedThatIsNotRead() {
        assertThatThrownBy(() -> consumer(List.of(
                                "feira.inbox.feeds.things=http://localhost:1", "feira.inbox.kafka.feeds=others"))
                        .close())
                .rootCause()
                .hasMessage("feira.inbox.kafka.feeds: this service does not read others, only [things]");
    }

    @Test
    void endsStartWithoutKafkaClient() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(InboxAutoConfiguration.class))
                .withBean(Effects.class, () -> new Effects(null))
                .withClassLoader(new FilteredClassLoader("org.apache.kafka"))
                .withPropertyValues("feira.inbox.kafka.bootstrap-servers=kafka:9092")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("add org.apache.kafka:kafka-clients"));
    }
}
