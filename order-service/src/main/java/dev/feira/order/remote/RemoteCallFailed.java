package dev.feira.order.remote;

import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;

/** A call had no usable response: a timeout, a reset connection, an error, or no call at all. Its effect is unknown. */
public final class RemoteCallFailed extends RuntimeException {

    RemoteCallFailed(String name, Throwable cause) {
        super(name + ": " + reason(cause), cause);
    }

    private static String reason(Throwable cause) {
        return switch (cause) {
            case CallNotPermittedException _ -> "not called, the circuit is open";
            case BulkheadFullException _ -> "not called, too many concurrent calls";
            default -> {
                var message = cause.getMessage();
                // the first line only: the message may contain the whole response body
                yield cause.getClass().getSimpleName()
                        + (message == null
                                ? ""
                                : " " + message.lines().findFirst().orElse(""));
            }
        };
    }
}
