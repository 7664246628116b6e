package dev.feira.acceptance;

import dev.feira.local.PlatformOptions;

/** Changes the options of the embedded platform before it starts. Found by {@link java.util.ServiceLoader}. */
public interface PlatformCustomizer extends AutoCloseable {

    /** Returns the changed options. Called once, before the embedded platform starts. */
    PlatformOptions customize(PlatformOptions options);

    /** Releases what the platform used. Called after it has stopped, at the end of this JVM. */
    @Override
    void close();
}
