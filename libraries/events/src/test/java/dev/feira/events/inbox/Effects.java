package dev.feira.events.inbox;

import dev.feira.events.CloudEvent;
import io.opentelemetry.api.trace.Span;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes the number of each event into a table; rejects bad ones. */
@Component
class Effects implements EventHandler {

    /** Whether the database of the consumers is away, once an event was applied in part. */
    static final AtomicBoolean OUTAGE = new AtomicBoolean();

    private final JdbcClient jdbc;

    Effects(JdbcClient jdbc) {
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
        if (event.data().has("bad")) {
            throw new IllegalArgumentException("a bad thing");
        }
        jdbc.sql("insert into effects (subject, effect) values (:subject, :effect)")
                .param("subject", event.subject())
                .param(
                        "effect",
                        event.data().has("traced")
                                ? Span.current().getSpanContext().getTraceId()
                                : event.data().get("number").asString())
                .update();
        if (OUTAGE.get()) {
            throw new DataAccessResourceFailureException("the connection is lost");
        }
    }
}
