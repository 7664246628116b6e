package dev.feira.events.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.events.TestService;
import dev.feira.events.outbox.Outbox;
import dev.feira.events.outbox.OutboxEvent;
import dev.feira.test.PostgresConfiguration;
import dev.feira.test.TestIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** Runs a producer and replicas of a consumer, each a service with its database, with each transport between them. */
@ParameterizedClass(name = "{0}")
@EnumSource
class EventDeliveryTests {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final JdbcConnectionDetails consumers = PostgresConfiguration.freshDatabase();

    @Parameter
    Transport.Kind kind;

    @TempDir
    Path folder;

    private Transport transport;
    private TestService producer;

    @BeforeEach
    void open() throws Exception {
        transport = kind.open(folder);
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
                "feira.inbox.lease=5m",
                "feira.inbox.longest-wait=1s",
                "feira.inbox.first-retry=10ms",
                "feira.inbox.longest-retry=20ms",
                "feira.inbox.attempts=2"));
        return TestService.on(consumers, List.of(Effects.class), settings.toArray(String[]::new));
    }

    private void append(String subject, Map<String, Object> data) {
        producer.transaction()
                .executeWithoutResult(_ -> producer.bean(Outbox.class)
                        .append(new OutboxEvent("thing", subject, "thing.made.v1", data, Instant.now())));
    }

    private void append(String subject, List<String> numbers) {
        numbers.forEach(number -> append(subject, Map.of("number", number)));
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    private static List<String> effects(TestService consumer) {
        return consumer.jdbc()
                .sql("select effect from effects order by number")
                .query(String.class)
                .list();
    }

    private static List<String> effects(TestService consumer, String subject) {
        return consumer.jdbc()
                .sql("select effect from effects where subject = :subject order by number")
                .param("subject", subject)
                .query(String.class)
                .list();
    }

    private static double metric(TestService consumer, String name) {
        return consumer.bean(MeterRegistry.class).get(name).gauge().value();
    }

    /** The lease is longer than the test: a replica that stops gives it up. */
    @Test
    void appliesEachEventOnceInOrderWhileReplicasComeAndGo() {
        append("a", numbers(0, 100));
        var first = consumer();
        try (var second = consumer()) {
            append("a", numbers(100, 200));
            first.close();
            append("a", numbers(200, 300));

            await().atMost(SOON).until(() -> effects(second).size() >= 300);
            assertThat(effects(second)).containsExactlyElementsOf(numbers(0, 300));
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(metric(second, "feira.feed.lag")).isZero());
        } finally {
            first.close();
        }
    }

    @Test
    void keepsOrderOfEachAggregateWithTwoReplicas() {
        try (var first = consumer();
                var second = consumer()) {
            for (var number : numbers(0, 30)) {
                for (var subject : numbers(0, 20)) {
                    append(subject, List.of(number));
                }
            }

            await().atMost(SOON).until(() -> effects(first).size() >= 600);
            for (var subject : numbers(0, 20)) {
                assertThat(effects(second, subject)).containsExactlyElementsOf(numbers(0, 30));
            }
        }
    }

    @Test
    void appliesEventInTheTraceOfItsChange() {
        var tracer = producer.bean(Tracer.class);
        var request = tracer.nextSpan().start();
        try (var _ = tracer.withSpan(request)) {
            append("a", Map.of("traced", true));
        } finally {
            request.end();
        }
        try (var consumer = consumer()) {
            await().atMost(SOON).until(() -> effects(consumer).size() == 1);
            assertThat(effects(consumer)).containsExactly(request.context().traceId());
        }
    }

    @Test
    void showsParkedEventsToStaffWhoTryOrDropThem() throws Exception {
        var staff = TestIdentity.token("sofia", "staff");
        append("bad", Map.of("bad", true, "number", "1"));
        append("bad", List.of("2"));
        append("good", List.of("3"));
        try (var consumer = consumer()) {
            await().atMost(SOON).until(() -> effects(consumer), List.of("3")::equals);
            await().atMost(SOON).until(() -> metric(consumer, "feira.feed.parked") == 1);

            var list = consumer.send("GET", "/parked-events", staff);
            assertThat(list.statusCode()).isEqualTo(200);
            assertThat(list.body()).contains("a bad thing", "thing.made.v1");
            var id = list.body().replaceFirst("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
            assertThat(consumer.send("POST", "/parked-events/" + id + "/retry", staff)
                            .statusCode())
                    .isEqualTo(202);
            await().atMost(SOON).until(() -> metric(consumer, "feira.feed.parked") == 1);

            assertThat(consumer.send("DELETE", "/parked-events/" + id, staff).statusCode())
                    .isEqualTo(204);
            await().atMost(SOON).until(() -> effects(consumer), List.of("3", "2")::equals);
            var again = consumer.send("DELETE", "/parked-events/" + id, staff);
            assertThat(again.statusCode()).isEqualTo(404);
            assertThat(again.body()).contains("urn:feira:problem:parked-event-not-found");
            assertThat(consumer.send("GET", "/parked-events", TestIdentity.token("ana", "customer"))
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void losesNothingWhileTransportIsAway() throws Exception {
        append("a", numbers(0, 10));
        try (var consumer = consumer()) {
            await().atMost(SOON).until(() -> effects(consumer).size() == 10);
            transport.stop();
            append("a", numbers(10, 20));
            await().atMost(SOON).until(() -> metric(consumer, "feira.feed.lag") > 0);
            assertThat(effects(consumer)).hasSize(10);

            transport.start();
            append("a", numbers(20, 30));
            await().atMost(SOON).until(() -> effects(consumer).size() >= 30);
            assertThat(effects(consumer)).containsExactlyElementsOf(numbers(0, 30));
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(metric(consumer, "feira.feed.lag")).isZero());
        }
    }

    @Test
    void startsWhileTransportIsAway() throws Exception {
        append("a", numbers(0, 10));
        transport.stop();
        try (var consumer = consumer()) {
            await().atMost(SOON).until(() -> metric(consumer, "feira.feed.lag") > 0);

            transport.start();
            await().atMost(SOON).until(() -> effects(consumer).size() >= 10);
            assertThat(effects(consumer)).containsExactlyElementsOf(numbers(0, 10));
        }
    }

    @Test
    void catchesUpAfterConsumerWasAway() {
        append("a", numbers(0, 10));
        try (var consumer = consumer()) {
            await().atMost(SOON).until(() -> effects(consumer).size() >= 10);
        }
        append("a", numbers(10, 400));
        try (var consumer = consumer()) {
            await().atMost(SOON).until(() -> effects(consumer).size() >= 400);
            assertThat(effects(consumer)).containsExactlyElementsOf(numbers(0, 400));
        }
    }

    /** As after a consumer that was killed after its transaction, and before the transport knew. */
    @Test
    void appliesEventOnceThatComesAgain() throws Exception {
        append("a", numbers(0, 10));
        try (var consumer = consumer()) {
            await().atMost(SOON).until(() -> effects(consumer).size() >= 10);
        }
        transport.rewind(consumers);
        append("a", List.of("10"));
        try (var consumer = consumer()) {
            await().atMost(SOON).until(() -> effects(consumer).contains("10"));
            assertThat(effects(consumer)).containsExactlyElementsOf(numbers(0, 11));
        }
    }

    /** The event stays where it is, and its attempts are not used up. */
    @Test
    void waitsForOwnDatabase() {
        append("a", numbers(0, 10));
        try (var consumer = consumer()) {
            await().atMost(SOON).until(() -> effects(consumer).size() == 10);
            Effects.OUTAGE.set(true);
            append("a", numbers(10, 20));
            append("b", numbers(20, 30));
            await().atMost(SOON).until(() -> metric(consumer, "feira.feed.lag") > 0);

            Effects.OUTAGE.set(false);
            await().atMost(SOON).until(() -> effects(consumer).size() >= 30);
            assertThat(effects(consumer, "a")).containsExactlyElementsOf(numbers(0, 20));
            assertThat(effects(consumer, "b")).containsExactlyElementsOf(numbers(20, 30));
        } finally {
            Effects.OUTAGE.set(false);
        }
    }
}
