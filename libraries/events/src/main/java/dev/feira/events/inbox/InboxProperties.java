package dev.feira.events.inbox;

import dev.feira.defaults.security.SecretRules;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.inbox}.
 *
 * @param feeds the internal URL of the service that serves each feed
 * @param client this service as an OAuth client of user-service, with a scope {@code feeds.<name>} for each feed
 * @param longestWait how long a request of the feed waits for an event
 * @param readInterval rest after a request that left no event, so that the next one gets those of several changes: the reading of
 *     an event costs more than its effect. An event after a quiet time does not wait
 * @param lease how long a replica that reads a feed, or partitions of a topic, keeps the others from it; they take over after it. At least 6 s longer than
 *     {@code longestWait}, for the response and a token
 * @param batch events for each request, 1 to 500
 * @param firstRetry delay of the second attempt of an event that could not be applied; doubled with each further one
 * @param longestRetry the longest delay
 * @param attempts attempts before an event is parked for staff
 * @param kafka reads the events from Kafka instead of the feeds
 * @param auditInterval time between two audits of each replica, 100 ms to 1 day
 * @param receivedRetention how long the ids of received events are kept, to skip them when they come again; longer than
 *     producers and topics keep events
 */
@Validated
@ConfigurationProperties("feira.inbox")
record InboxProperties(
        @DefaultValue @NotEmpty Map<String, @NotNull URI> feeds,
        @Valid @NotNull Client client,

        @DefaultValue("8s") @NotNull @DurationMin(seconds = 1) @DurationMax(seconds = 60)
        Duration longestWait,

        @DefaultValue("200ms") @NotNull @DurationMin(millis = 0) @DurationMax(seconds = 60)
        Duration readInterval,

        @DefaultValue("15s") @NotNull @DurationMin(seconds = 1)
        Duration lease,

        @DefaultValue("100") @Min(1) @Max(500) int batch,

        @DefaultValue("1s") @NotNull @DurationMin(millis = 1)
        Duration firstRetry,

        @DefaultValue("1m") @NotNull @DurationMin(millis = 1)
        Duration longestRetry,

        @DefaultValue("10") @Min(1) @Max(100) int attempts,

        @DefaultValue("1m") @NotNull @DurationMin(millis = 100) @DurationMax(days = 1)
        Duration auditInterval,

        @DefaultValue("60d") @NotNull Duration receivedRetention,
        @DefaultValue @Valid @NotNull Kafka kafka) {

    private static final Duration RESPONSE = Duration.ofSeconds(6);

    InboxProperties {
        for (var feed : kafka.feeds()) {
            if (!feeds.containsKey(feed)) {
                throw new IllegalArgumentException("feira.inbox.kafka.feeds: this service does not read %s, only %s"
                        .formatted(feed, feeds.keySet()));
            }
        }
        if (readInterval.compareTo(lease) >= 0) {
            throw new IllegalArgumentException(
                    "feira.inbox.read-interval (%s) must be shorter than feira.inbox.lease (%s)"
                            .formatted(readInterval, lease));
        }
        if (lease.compareTo(longestWait.plus(RESPONSE)) < 0) {
            throw new IllegalArgumentException(
                    "feira.inbox.lease (%s) must be 6 s longer than feira.inbox.longest-wait (%s)"
                            .formatted(lease, longestWait));
        }
    }

    /**
     * Where the events of the feeds are in Kafka.
     *
     * @param bootstrapServers brokers, e.g. {@code kafka:9092}; empty: the feeds are read
     * @param feeds the feeds that have a topic, the others are read over HTTP; empty: all
     * @param properties further settings of Kafka's client, e.g. {@code security.protocol}
     */
    record Kafka(
            @DefaultValue("") @NotNull String bootstrapServers,
            @DefaultValue @NotNull Set<String> feeds,
            @DefaultValue @NotNull Map<String, String> properties) {

        /** Returns whether the feed is read from its topic. */
        boolean reads(String feed) {
            return !bootstrapServers.isEmpty() && (feeds.isEmpty() || feeds.contains(feed));
        }
    }

    /**
     * This service as an OAuth client.
     *
     * @param id its client id
     * @param secret its client secret, at least 24 characters, as user-service requires; no default
     */
    record Client(@NotBlank String id, @NotNull String secret) {

        Client {
            SecretRules.requireLength("feira.inbox.client.secret", secret, 24);
        }

        @Override
        public String toString() {
            return "Client[id=%s]".formatted(id);
        }
    }
}
