package dev.feira.events.outbox;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.outbox}.
 *
 * @param feed the name of this service's feed
 * @param longestWait how long a request of the feed may wait for an event
 * @param recheck the largest delay of an event whose notification was lost
 * @param retention how long events are kept, and longer until all known consumers have read them
 */
@Validated
@ConfigurationProperties("feira.outbox")
record OutboxProperties(
        @Pattern(regexp = "[a-z]+") String feed,

        @DefaultValue("20s") @NotNull @DurationMin(millis = 0) @DurationMax(seconds = 60)
        Duration longestWait,

        @DefaultValue("5s") @NotNull @DurationMin(millis = 10) @DurationMax(seconds = 60)
        Duration recheck,

        @DefaultValue("30d") @NotNull @DurationMin(minutes = 1)
        Duration retention) {}
