package dev.feira.local;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The platform or a component did not start; the message says the cause and the next step in one or two sentences. */
public final class StartFailure extends RuntimeException {

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
        this.log = log;
    }

    /** The component's log; null if there is none. */
    public @Nullable Path log() {
        return log;
    }
}
