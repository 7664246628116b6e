package dev.feira.events.inbox;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.yaml.snakeyaml.Yaml;

/**
 * Debezium's engine with the connector of {@code k8s/components/kafka}: another database and feed, all else as in that file. Writes
 * what the connector returns to Kafka, as Kafka Connect does.
 */
final class OutboxConnector implements AutoCloseable {

    private static final Path COMPONENT = Path.of("..", "..", "k8s", "components", "kafka");

    private final Properties settings = new Properties();
    private final String broker;
    private volatile DebeziumEngine<?> engine;
    private volatile boolean isRunning;
    private KafkaProducer<byte[], byte[]> producer;
    private Thread thread;

    OutboxConnector(LogicalPostgres.Database database, String feed, String broker, Path folder) throws IOException {
        this.broker = broker;
        configuration().forEach((name, value) -> settings.put(name, value.replace("orders", feed)));
        settings.putAll(Map.of(
                "name",
                "feira-" + feed,
                "connector.class",
                connectorClass(),
                "database.hostname",
                "localhost",
                "database.port",
                Integer.toString(database.port()),
                "database.dbname",
                database.name(),
                "database.password",
                LogicalPostgres.DEBEZIUM_PASSWORD,
                "slot.name",
                database.name(),
                "offset.storage",
                "org.apache.kafka.connect.storage.FileOffsetBackingStore",
                "offset.storage.file.filename",
                folder.resolve(database.name() + ".offsets").toString(),
                "offset.flush.interval.ms",
                "0"));
    }

    private static Map<String, Object> spec() {
        try (var file = Files.newBufferedReader(COMPONENT.resolve("orders-connector.yaml"))) {
            Map<String, Map<String, Object>> resource = new Yaml().load(file);
            return resource.get("spec");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> configuration() {
        return (Map<String, String>) spec().get("config");
    }

    private static String connectorClass() {
        return spec().get("class").toString();
    }

    /** Makes the publication, as the component does; the outbox must be there. */
    static void publish(LogicalPostgres.Database database) throws Exception {
        try (var connection = DriverManager.getConnection(
                        database.getJdbcUrl(), database.getUsername(), database.getPassword());
                var statement = connection.createStatement()) {
            statement.execute(Files.readString(COMPONENT.resolve("publication.sql")));
        }
    }

    void set(String name, String value) {
        settings.put(name, value);
    }

    /** Starts, or starts again where it ended. The producer has the settings of Kafka Connect. */
    void start() {
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker,
                        "max.block.ms",
                        Long.MAX_VALUE,
                        "delivery.timeout.ms",
                        Integer.MAX_VALUE, // one that gave up would send later events without earlier ones
                        "max.in.flight.requests.per.connection",
                        1,
                        "acks",
                        "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        isRunning = true;
        thread = Thread.ofPlatform().daemon().start(this::run);
    }

    /** Starts a connector again that has failed, as Kubernetes does. */
    private void run() {
        while (isRunning) {
            engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                    .using(settings)
                    .notifying(this::write)
                    .build();
            engine.run();
        }
    }

    private void write(
            List<RecordChangeEvent<SourceRecord>> events,
            DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        var sent = new ArrayList<Future<?>>();
        for (var event : events) {
            sent.add(producer.send(record(event.record())));
        }
        for (var each : sent) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("the broker is away", e);
            }
        }
        for (var event : events) {
            committer.markProcessed(event);
        }
        committer.markBatchFinished();
    }

    private ProducerRecord<byte[], byte[]> record(SourceRecord record) {
        var headers = new RecordHeaders();
        HeaderConverter converter = converter("header", HeaderConverter.class);
        record.headers()
                .forEach(header -> headers.add(
                        header.key(),
                        converter.fromConnectHeader(record.topic(), header.key(), header.schema(), header.value())));
        return new ProducerRecord<>(
                record.topic(),
                null,
                record.timestamp(),
                converter("key", Converter.class).fromConnectData(record.topic(), record.keySchema(), record.key()),
                converter("value", Converter.class)
                        .fromConnectData(record.topic(), record.valueSchema(), record.value()),
                headers);
    }

    private <T> T converter(String what, Class<T> type) {
        try {
            return type.cast(Class.forName(settings.getProperty(what + ".converter"))
                    .getDeclaredConstructor()
                    .newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends; the offsets stay. */
    void stop() throws Exception {
        isRunning = false;
        producer.close(Duration.ZERO); // it may wait for a broker
        while (thread.isAlive()) {
            try {
                engine.close();
            } catch (IllegalStateException e) {
                // it starts or ends at this moment
            }
            thread.join(Duration.ofMillis(100));
        }
    }

    @Override
    public void close() throws Exception {
        if (isRunning) {
            stop();
        }
    }
}
