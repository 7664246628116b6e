package dev.feira.local;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The platform, or a part of it, could not start; the message is meant for a person and is one sentence or two. */
public final class StartFailure extends RuntimeException {

    private final @Nullable String component;
    private final @Nullable Path log;

    public StartFailure(String sentence) {
        this(null, sentence, null, null);
    }

    public StartFailure(String sentence, @Nullable Throwable cause) {
        this(null, sentence, null, cause);
    }

    StartFailure(@Nullable String component, String cause, @Nullable Path log) {
        this(component, cause, log, null);
    }

    private StartFailure(@Nullable String component, String cause, @Nullable Path log, @Nullable Throwable reason) {
        super(component == null ? cause : component + " did not start: " + cause, reason);
        this.component = component;
        this.log = log;
    }

    /** The instance that failed, e.g. {@code order-service}; null where it is not about one. */
    public @Nullable String component() {
        return component;
    }

    /** Its log; null where there is none. */
    public @Nullable Path log() {
        return log;
    }
}
