package dev.feira.events.inbox;

import dev.feira.events.CloudEvent;
import dev.feira.events.TestService;
import dev.feira.events.outbox.Outbox;
import dev.feira.events.outbox.OutboxEvent;
import dev.feira.test.PostgresConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Measures events per second and the time from commit to effect with each transport, for decision record 0038. Runs only by name:
 * {@code mvn -pl libraries/events -am test -Dtest=TransportMeasurement -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class TransportMeasurement {

    private static final int EVENTS = 20_000;
    private static final int LATENCIES = 500;
    private static final Map<String, Long> APPLIED = new ConcurrentHashMap<>();

    @TempDir
    Path folder;

    @Component
    static class Timed implements EventHandler {

        private final JdbcClient jdbc;

        Timed(JdbcClient jdbc) {
            this.jdbc = jdbc;
        }

        @Override
        public String feed() {
            return "things";
        }

        @Override
        public Set<String> types() {
            return Set.of("thing.made.v1");
        }

        @Override
        public void handle(CloudEvent event) {
            jdbc.sql("insert into effects (subject, effect) values (:subject, :effect)")
                    .param("subject", event.subject())
                    .param("effect", event.data().get("number").asString())
                    .update();
            APPLIED.put(event.data().get("number").asString(), System.nanoTime());
        }
    }

    private static TestService consumer(JdbcConnectionDetails database, Transport transport) {
        var settings = new ArrayList<>(transport.settings());
        settings.add("feira.inbox.client.id=consumer");
        settings.add("feira.inbox.client.secret=the-secret-of-the-consumer");
        return TestService.on(database, List.of(Timed.class), settings.toArray(String[]::new));
    }

    private static long append(TestService producer, int number) {
        producer.transaction()
                .executeWithoutResult(_ -> producer.bean(Outbox.class)
                        .append(new OutboxEvent(
                                "thing",
                                "subject-" + number % 1000,
                                "thing.made.v1",
                                Map.of("number", Integer.toString(number), "text", "x".repeat(300)),
                                Instant.now())));
        return System.nanoTime();
    }

    private static void awaitApplied(int count) {
        while (APPLIED.size() < count) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    @ParameterizedTest
    @EnumSource
    void measures(Transport.Kind kind) throws Exception {
        var line = new StringBuilder("RESULT " + kind);
        try (var transport = kind.open(folder);
                var producer = TestService.on(transport.database(), List.of())) {
            transport.connect(producer);
            var consumers = PostgresConfiguration.freshDatabase();
            try (var _ = consumer(consumers, transport)) {
                latencies(producer, 0, 500); // warm-up
                var latencies = latencies(producer, 1_000_000, LATENCIES);
                line.append(" commit to effect ms: median %.1f, 99th percentile %.1f"
                        .formatted(latencies[LATENCIES / 2], latencies[LATENCIES * 99 / 100]));
            }
            append(producer, 0, EVENTS);
            line.append("; events/s of one consumer: ").append(catchUp(transport, consumers, 1));
            append(producer, 2_000_000, EVENTS);
            line.append(", of two: ").append(catchUp(transport, consumers, 2));
        }
        System.out.println(line);
    }

    private static double[] latencies(TestService producer, int first, int count) {
        APPLIED.clear();
        var committed = new long[count];
        for (var number = 0; number < count; number++) {
            committed[number] = append(producer, first + number);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        awaitApplied(count);
        return IntStream.range(0, count)
                .mapToDouble(number -> (APPLIED.get(Integer.toString(first + number)) - committed[number]) / 1e6)
                .sorted()
                .toArray();
    }

    private static void append(TestService producer, int first, int count) {
        IntStream.range(0, count).forEach(number -> append(producer, first + number));
    }

    /** From the first event that is applied to the last: without the start of the service. */
    private static long catchUp(Transport transport, JdbcConnectionDetails database, int replicas) throws Exception {
        APPLIED.clear();
        Thread.sleep(5000); // Debezium has written all
        var services = new ArrayList<TestService>();
        for (var replica = 0; replica < replicas; replica++) {
            services.add(consumer(database, transport));
        }
        awaitApplied(EVENTS);
        services.forEach(TestService::close);
        var times = APPLIED.values().stream().mapToLong(Long::longValue).summaryStatistics();
        return Math.round(EVENTS / ((times.getMax() - times.getMin()) / 1e9));
    }
}
