package dev.feira.test;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A feed of events in memory, for a stand-in of the service that has it. */
public final class TestFeed {

    private final String name;
    private final List<String> events = new ArrayList<>();
    private boolean closed;

    /** @param name e.g. {@code users} */
    public TestFeed(String name) {
        this.name = name;
    }

    /** Adds an event, and wakes the readers; returns it. */
    public synchronized String append(String type, String subject, String data) {
        return repeat("""
                {"specversion": "1.0", "id": "%s", "source": "/feeds/%s", "type": "%s", "subject": "%s", "time": "%s",
                 "datacontenttype": "application/json", "data": %s, "position": "POSITION"}""".formatted(UUID.randomUUID(), name, type, subject, Instant.now(), data));
    }

    /** Adds an event again, at the next position; returns it. */
    public synchronized String repeat(String event) {
        events.add(event);
        notifyAll();
        return event;
    }

    /**
     * Returns the events that a request asks for, as a batch of CloudEvents; empty if none came in time.
     *
     * @param request with the parameters {@code after} and {@code wait}
     */
    public synchronized Optional<String> read(URI request) throws InterruptedException {
        var after = parameter(request, "after");
        var first = after.isEmpty() ? 0 : Integer.parseInt(after);
        var end = System.nanoTime()
                + Duration.ofSeconds(Long.parseLong(parameter(request, "wait"))).toNanos();
        while (!closed && events.size() <= first && System.nanoTime() < end) {
            wait(100);
        }
        var batch = new ArrayList<String>();
        for (var i = first; i < events.size(); i++) {
            batch.add(events.get(i).replace("POSITION", "" + (i + 1)));
        }
        return batch.isEmpty() ? Optional.empty() : Optional.of(batch.toString());
    }

    /** Ends the waits of readers. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    private static String parameter(URI request, String name) {
        return request.getQuery().replaceFirst("(?:.*&)?" + name + "=([^&]*).*", "$1");
    }
}
