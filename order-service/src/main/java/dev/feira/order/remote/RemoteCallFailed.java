package dev.feira.order.remote;

import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import org.jspecify.annotations.Nullable;

/** Another party gave no usable answer: too late, cut, broken, or not even asked. What it did is unknown. */
public final class RemoteCallFailed extends RuntimeException {

    RemoteCallFailed(String participant, @Nullable Throwable cause) {
        super(participant + ": " + why(cause), cause);
    }

    private static String why(@Nullable Throwable cause) {
        return switch (cause) {
            case null -> "no answer";
            case CallNotPermittedException _ -> "not asked, its circuit is open";
            case BulkheadFullException _ -> "not asked, too many calls are under way";
            case Throwable other -> {
                var message = other.getMessage();
                // the first line only: a client's exception may quote the whole body of the answer
                yield other.getClass().getSimpleName()
                        + (message == null
                                ? ""
                                : " " + message.lines().findFirst().orElse(""));
            }
        };
    }
}
