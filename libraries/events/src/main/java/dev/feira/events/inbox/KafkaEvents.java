package dev.feira.events.inbox;

import dev.feira.events.CloudEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads records as events, in the binary mode of CloudEvents' Kafka binding: attributes are headers, data are the value.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">CloudEvents, Kafka
 *     binding</a>
 */
final class KafkaEvents {

    /** The type of a record that is no event. */
    static final String UNREADABLE = "unreadable";

    private static final String PREFIX = "ce_";
    /** Kafka Connect's InsertHeader takes 1.0 for a number, and writes it as 1. */
    private static final Set<String> VERSIONS = Set.of("1.0", "1");

    private final JsonMapper json;

    KafkaEvents(JsonMapper json) {
        this.json = json;
    }

    /**
     * Returns the event in a record.
     *
     * @throws RuntimeException the record is no event: an attribute is missing or malformed, or the value is no JSON
     */
    CloudEvent read(ConsumerRecord<String, String> record) {
        if (!VERSIONS.contains(required(record, "specversion"))) {
            throw new IllegalArgumentException("the header ce_specversion is not 1.0");
        }
        return new CloudEvent(
                "1.0",
                required(record, "id"),
                required(record, "source"),
                required(record, "type"),
                required(record, "subject"),
                OffsetDateTime.parse(required(record, "time")).toInstant(),
                "application/json",
                attribute(record, "traceparent"),
                position(record),
                data(record));
    }

    /** Returns a record that is no event as one, for staff: the id is its position, the data are its text. */
    CloudEvent unreadable(ConsumerRecord<String, String> record) {
        return new CloudEvent(
                "1.0",
                position(record),
                record.topic(),
                UNREADABLE,
                withoutNul(Objects.requireNonNullElse(record.key(), "")),
                Instant.ofEpochMilli(record.timestamp()),
                "text/plain",
                null,
                position(record),
                json.getNodeFactory().stringNode(withoutNul(Objects.requireNonNullElse(record.value(), ""))));
    }

    private static String position(ConsumerRecord<String, String> record) {
        return "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
    }

    private JsonNode data(ConsumerRecord<String, String> record) {
        var value = Objects.requireNonNull(record.value(), "the value is missing");
        if (value.contains("\\u0000")) {
            throw new IllegalArgumentException("the value has a NUL, which PostgreSQL does not store");
        }
        return json.readTree(value);
    }

    private static String required(ConsumerRecord<String, String> record, String name) {
        var value = attribute(record, name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("the header ce_%s is missing".formatted(name));
        }
        return value;
    }

    private static @Nullable String attribute(ConsumerRecord<String, String> record, String name) {
        var header = record.headers().lastHeader(PREFIX + name);
        return header == null || header.value() == null
                ? null
                : withoutNul(new String(header.value(), StandardCharsets.UTF_8));
    }

    private static String withoutNul(String text) {
        return text.replace('\0', '\uFFFD');
    }
}
