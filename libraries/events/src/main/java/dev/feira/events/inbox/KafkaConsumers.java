package dev.feira.events.inbox;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Subscribes to the topics of feeds, as a member of this service's consumer group. */
final class KafkaConsumers {

    /** The longest wait for the broker's response to a request other than a poll. */
    static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(5);

    private static final String PREFIX = "feira.";
    /** How soon a topic is found that is created later. */
    private static final Duration METADATA_AGE = Duration.ofSeconds(30);

    private final InboxProperties settings;
    private final String service;

    KafkaConsumers(InboxProperties settings, String service) {
        this.settings = settings;
        this.service = service;
    }

    static String topic(String feed) {
        return PREFIX + feed;
    }

    /**
     * Returns a new consumer of a feed's topic. Each feed has a group, so that a replica that changes the group of one feed does not
     * hold up the others.
     *
     * @throws org.apache.kafka.common.KafkaException no broker's name can be resolved
     */
    Consumer<String, String> subscribe(String feed) {
        var properties = new HashMap<String, Object>(settings.kafka().properties());
        properties.putAll(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.kafka().bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG, service + "." + feed,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false, // only after the transaction in the database
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.batch(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                        Math.toIntExact(settings.lease().toMillis()),
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(RESPONSE_TIMEOUT.toMillis()),
                ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_AGE.toMillis(),
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false, // it would have one partition
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName()));
        var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(topic(feed)));
        return consumer;
    }
}
