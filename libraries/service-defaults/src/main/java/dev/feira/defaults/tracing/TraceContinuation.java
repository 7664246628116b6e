package dev.feira.defaults.tracing;

import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * Continues a trace later, in another thread, replica or service. Meanwhile, a row has the span context, as the
 * header {@code traceparent}.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>
 */
public final class TraceContinuation {

    private static final String HEADER = "traceparent";

    private final Tracer tracer;
    private final Propagator propagator;

    TraceContinuation(Tracer tracer, Propagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
    }

    /** Returns the current span context, to be stored; null outside of a trace. */
    public @Nullable String traceparent() {
        var span = tracer.currentSpan();
        if (span == null) {
            return null;
        }
        var headers = new HashMap<String, String>();
        propagator.inject(span.context(), headers, (_, name, value) -> headers.put(name, value));
        return headers.get(HEADER);
    }

    /**
     * Returns the context of an observation that belongs to a stored trace.
     *
     * @param traceparent the stored span context; null: a new trace begins
     */
    public static ReceiverContext<String> context(@Nullable String traceparent) {
        var context = new ReceiverContext<String>((stored, name) -> name.equals(HEADER) ? stored : null);
        context.setCarrier(traceparent == null ? "" : traceparent);
        return context;
    }
}
