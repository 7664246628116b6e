package dev.feira.events;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An event in the JSON format of CloudEvents. The SDK for Java cannot read or write batches: decision record 0035.
 *
 * @param specversion the version of CloudEvents, {@code 1.0}
 * @param id the same in each delivery
 * @param source the feed, e.g. {@code /feeds/orders}
 * @param type what happened, with the version of its data, e.g. {@code order.confirmed.v1}
 * @param subject the id of the aggregate; events of one aggregate are in order
 * @param time when it happened
 * @param datacontenttype {@code application/json}
 * @param traceparent the trace of the request that caused it, or null; W3C Trace Context
 * @param position the position in the feed, to read what comes after it
 * @param data what happened, by the schema of the type
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">CloudEvents, JSON format</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CloudEvent(
        String specversion,
        String id,
        String source,
        String type,
        String subject,
        Instant time,
        String datacontenttype,
        @Nullable String traceparent,
        String position,
        JsonNode data) {

    /** The media type of a list of events. */
    public static final String BATCH = "application/cloudevents-batch+json";
}
