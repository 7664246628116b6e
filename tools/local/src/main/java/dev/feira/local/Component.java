package dev.feira.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A part of the running platform: the database or one replica of a service. */
public abstract sealed class Component permits PostgresServer, Instance {

    /** The life cycle of a component. */
    public enum State {
        WAITING,
        STARTING,
        HEALTHY,
        ENDED
    }

    private final String name;
    private final int port;
    private final Path logFile;
    private volatile State state = State.WAITING;
    private volatile long startedAt;
    private volatile Duration startTime = Duration.ZERO;

    Component(String name, int port, Path logFile) {
        this.name = name;
        this.port = port;
        this.logFile = logFile.toAbsolutePath();
    }

    /** Unique in the platform, e.g. {@code postgres}, {@code order-service}, {@code order-service-2}. */
    public final String name() {
        return name;
    }

    public State state() {
        return state;
    }

    /** The port for clients. */
    public final int port() {
        return port;
    }

    /** The port for health and metrics; 0 for the database. */
    public int managementPort() {
        return 0;
    }

    /** The process id; 0 before the first start. */
    public abstract long pid();

    public final Path logFile() {
        return logFile;
    }

    /** The time from the start of the process until it is healthy, or until now while it starts. */
    public final Duration startTime() {
        return state == State.STARTING ? Duration.ofNanos(System.nanoTime() - startedAt) : startTime;
    }

    /** The current step of the start; empty at any other time. */
    public abstract Optional<String> detail();

    final void starting() {
        startedAt = System.nanoTime();
        state = State.STARTING;
    }

    final void healthy() {
        startTime = Duration.ofNanos(System.nanoTime() - startedAt);
        state = State.HEALTHY;
    }

    final void ended() {
        state = State.ENDED;
    }

    /** Whether it was healthy at any time. */
    final boolean hasBeenHealthy() {
        return !startTime.isZero();
    }
}
