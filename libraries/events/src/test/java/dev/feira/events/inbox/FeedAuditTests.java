package dev.feira.events.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.events.CloudEvent;
import dev.feira.events.TestService;
import dev.feira.events.outbox.Outbox;
import dev.feira.events.outbox.OutboxEvent;
import dev.feira.test.PostgresConfiguration;
import dev.feira.test.TestIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FeedAuditTests {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final JdbcConnectionDetails consumers = PostgresConfiguration.freshDatabase();
    private Transport.Feed transport;
    private TestService producer;

    @BeforeEach
    void open() throws Exception {
        transport = new Transport.Feed();
        producer = TestService.on(transport.database(), List.of());
        transport.connect(producer);
    }

    @AfterEach
    void close() throws Exception {
        transport.close();
        producer.close();
    }

    private TestService consumer() {
        var settings = new ArrayList<>(transport.settings());
        settings.addAll(List.of(
                "feira.inbox.client.id=consumer",
                "feira.inbox.client.secret=the-secret-of-the-consumer",
                "feira.inbox.batch=7",
                "feira.inbox.longest-wait=1s"));
        return TestService.on(consumers, List.of(Effects.class), settings.toArray(String[]::new));
    }

    private void append(int from, int to) {
        for (var number = from; number < to; number++) {
            var data = Map.<String, Object>of("number", String.valueOf(number));
            producer.transaction()
                    .executeWithoutResult(_ -> producer.bean(Outbox.class)
                            .append(new OutboxEvent("thing", "a", "thing.made.v1", data, Instant.now())));
        }
    }

    private static int effects(TestService consumer) {
        return consumer.jdbc()
                .sql("select count(*) from effects")
                .query(Integer.class)
                .single();
    }

    private static JsonNode audit(TestService consumer) throws Exception {
        var response = consumer.send("GET", "/parked-events/audit", TestIdentity.token("sofia", "staff"));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return consumer.bean(JsonMapper.class).readTree(response.body());
    }

    @Test
    void findsEventsThatTheInboxPassedOverUntilTheyAreReceived() throws Exception {
        append(0, 20);
        try (var consumer = consumer()) {
            await().atMost(SOON).until(() -> effects(consumer) == 20);
            assertThat(audit(consumer).get("balanced").booleanValue()).isTrue();
        }
        append(20, 30);
        var last = producer.events("").getLast().position();
        TestDatabase.execute(consumers, "update feed_positions set position = '" + last + "'");
        append(30, 40);
        try (var consumer = consumer()) {
            await().atMost(SOON).until(() -> effects(consumer) == 30);
            var passedOver = producer.events("?limit=500").stream()
                    .map(CloudEvent::id)
                    .toList()
                    .subList(20, 30);

            for (var run = 0; run < 2; run++) {
                var audit = audit(consumer);
                assertThat(audit.get("balanced").booleanValue()).isFalse();
                assertThat(audit.get("discrepancies")
                                .valueStream()
                                .map(event -> event.get("id").stringValue()))
                        .isNotEmpty()
                        .isSubsetOf(passedOver);
            }
            assertThat(consumer.bean(MeterRegistry.class)
                            .get("feira.audit.discrepancies")
                            .tag("audit", "feeds")
                            .gauge()
                            .value())
                    .isPositive();

            // as docs/operations.md says
            TestDatabase.execute(consumers, "update feed_positions set position = audited");
            await().atMost(SOON).until(() -> effects(consumer) == 40);
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(audit(consumer).get("balanced").booleanValue())
                                    .isTrue());
        }
    }
}
