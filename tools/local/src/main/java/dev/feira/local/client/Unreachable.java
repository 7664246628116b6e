package dev.feira.local.client;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** No response arrived in time; the request may have been processed. */
public final class Unreachable extends RuntimeException {

    Unreachable(URI uri, @Nullable Throwable cause) {
        super("Feira does not respond at " + uri + ". Check it with ./feira status.", cause);
    }
}
