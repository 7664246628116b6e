package dev.feira.local.client;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** There was no answer in time: whether the request had an effect is unknown. */
public final class Unreachable extends RuntimeException {

    Unreachable(URI uri, @Nullable Throwable cause) {
        super("Feira does not answer at " + uri + ": is it running? (./feira status)", cause);
    }
}
