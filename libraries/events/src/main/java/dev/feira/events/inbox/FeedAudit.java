package dev.feira.events.inbox;

import dev.feira.defaults.audit.Audit;
import dev.feira.events.CloudEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads again what the feeds have up to the inbox's position, and looks whether each event was received. Continues where the last
 * audit has ended; stops before a batch with a missing event, and reports it until it is received. Kafka's topics are not audited.
 */
final class FeedAudit implements Audit {

    /** Bounds one run, so that a request for it ends in time; the next run continues. */
    private static final Duration LONGEST_RUN = Duration.ofMillis(1500);

    private final FeedClient client;
    private final Inbox inbox;
    private final EventReceiver receiver;
    private final InboxProperties settings;
    private final Clock clock;

    FeedAudit(FeedClient client, Inbox inbox, EventReceiver receiver, InboxProperties settings, Clock clock) {
        this.client = client;
        this.inbox = inbox;
        this.receiver = receiver;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * The result of an audit.
     *
     * @param checkedAt when it began
     * @param events number of events compared since the last audit
     * @param discrepancies the missing events
     */
    record Report(Instant checkedAt, int events, List<MissingEvent> discrepancies) implements Audit.Report {}

    /** An event that the feed has before the inbox's position, and that the inbox has not received. */
    record MissingEvent(String feed, String id, String type, String subject) {}

    @Override
    public String name() {
        return "feeds";
    }

    @Override
    public String description() {
        return "Events that the feeds have and the inbox has passed over";
    }

    @Override
    public Duration interval() {
        return settings.auditInterval();
    }

    @Override
    public Report check() {
        var begun = clock.instant();
        var deadline = System.nanoTime() + LONGEST_RUN.toNanos();
        var events = 0;
        var missing = new ArrayList<MissingEvent>();
        for (var feed : receiver.feeds()) {
            if (!settings.kafka().reads(feed)) {
                events += check(feed, deadline, missing);
            }
        }
        return new Report(begun, events, missing);
    }

    /** @return the number of compared events */
    private int check(String feed, long deadline, List<MissingEvent> missing) {
        var range = inbox.unaudited(feed).orElse(null);
        var compared = 0;
        while (range != null && System.nanoTime() < deadline) {
            var events = upTo(range.end(), client.audit(feed, range.begin()).events());
            var here = missing(feed, events);
            if (events.isEmpty() || !here.isEmpty()) {
                missing.addAll(here);
                return compared;
            }
            compared += events.size();
            range = inbox.audited(feed, range, events.getLast().position());
        }
        return compared;
    }

    private static List<CloudEvent> upTo(String end, List<CloudEvent> events) {
        for (var i = 0; i < events.size(); i++) {
            if (events.get(i).position().equals(end)) {
                return events.subList(0, i + 1);
            }
        }
        return events;
    }

    private List<MissingEvent> missing(String feed, List<CloudEvent> events) {
        var handled =
                events.stream().filter(event -> receiver.isHandled(feed, event)).toList();
        var received = new HashSet<>(
                inbox.received(feed, handled.stream().map(CloudEvent::id).toList()));
        return handled.stream()
                .filter(event -> !received.contains(event.id()))
                .map(event -> new MissingEvent(feed, event.id(), event.type(), event.subject()))
                .toList();
    }

    /** A part of a feed: what is after {@code begin}, up to and with {@code end}. */
    record Range(String begin, String end) {

        /** Returns the rest after a position; null if that is its end. */
        @Nullable Range after(String position) {
            return position.equals(end) ? null : new Range(position, end);
        }
    }
}
