package dev.feira.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A part of the running platform: the database or one replica of a service. */
public sealed interface Component permits PostgresServer, Instance {

    /** Unique in the platform, e.g. {@code postgres}, {@code order-service}, {@code order-service-2}. */
    String name();

    State state();

    /** The port that others use. */
    int port();

    /** The process; 0 while there is none. */
    long pid();

    Path logFile();

    /** From the start of its process to healthy; so far, while it is starting. */
    Duration startTime();

    /** What it is doing, in its own words, for a person who waits. */
    Optional<String> detail();

    /** How far a part of the platform is. */
    enum State {
        WAITING,
        STARTING,
        HEALTHY,
        ENDED
    }
}
