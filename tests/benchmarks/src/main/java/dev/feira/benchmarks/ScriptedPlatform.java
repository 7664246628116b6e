package dev.feira.benchmarks;

import dev.feira.local.RunState;
import dev.feira.local.Secrets;
import dev.feira.local.Service;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** The platform that {@code ./feira up} starts, in a process of its own, with rate limits out of reach. */
final class ScriptedPlatform implements AutoCloseable {

    private static final String READY = "Feira is ready after";
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(120);

    /** Lines of its output that are kept for an error message. */
    private static final int LAST_LINES = 12;

    private final Workspace workspace;
    private final Process process;
    private final Duration startTime;
    private final Thread shutdownHook;

    private ScriptedPlatform(Workspace workspace, Process process, Duration startTime, Thread shutdownHook) {
        this.workspace = workspace;
        this.process = process;
        this.startTime = startTime;
        this.shutdownHook = shutdownHook;
    }

    /**
     * Starts it and waits until it is ready. No start-up caches are trained meanwhile.
     *
     * @param more arguments of {@code up}
     * @throws MeasurementFailed it ended instead; the message has its last output
     */
    static ScriptedPlatform start(Workspace workspace, Progress progress, int portOffset, String... more)
            throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of("up", "--no-training", "--port-offset", String.valueOf(portOffset)));
        arguments.addAll(List.of(more));
        var builder = workspace.script(arguments.toArray(String[]::new));
        builder.environment().putAll(Settings.WIDE_LIMITS);
        var ready = new CompletableFuture<Long>();
        try (var _ = progress.begin("./feira " + String.join(" ", arguments))) {
            var began = System.nanoTime();
            var process = builder.start();
            var hook = new Thread(() -> stop(process), "feira-down");
            Runtime.getRuntime().addShutdownHook(hook);
            Thread.ofPlatform().daemon().name("feira-up").start(() -> read(process, ready));
            try {
                var readyAt = ready.get();
                return new ScriptedPlatform(workspace, process, Duration.ofNanos(readyAt - began), hook);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof MeasurementFailed failure
                        ? failure
                        : new MeasurementFailed("./feira up is not ready: " + e.getCause(), e);
            }
        }
    }

    /** The time from the start of the script to its line that everything is healthy. */
    Duration startTime() {
        return startTime;
    }

    Shop shop() {
        return new Shop(URI.create(state().url()), workspace.secrets().get(Secrets.DEMO_PASSWORD));
    }

    /** The address of a service itself. */
    URI service(Service service) {
        return URI.create("http://127.0.0.1:" + part(service.module()).port());
    }

    /** Connects to its PostgreSQL as the superuser; the caller closes the connection. */
    Connection connectAsSuperuser() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + part("postgres").port() + "/postgres",
                "postgres",
                workspace.secrets().get("POSTGRES_PASSWORD"));
    }

    /** Returns one of its processes. */
    RunState.Part part(String name) {
        return state().parts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new MeasurementFailed("There is no process " + name + "."));
    }

    /** Returns all its processes. */
    RunState state() {
        return RunState.read(workspace.data())
                .orElseThrow(
                        () -> new MeasurementFailed("Feira ended during the measurement: see " + workspace.data()));
    }

    @Override
    public void close() {
        stop(process);
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // This is the shutdown
        }
    }

    /** Ends the launcher, which the script has become by exec, and which stops everything in order. */
    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly(); // its guard ends the services
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void read(Process process, CompletableFuture<Long> ready) {
        Deque<String> last = new ArrayDeque<>();
        try (var lines = process.inputReader()) {
            for (String line; (line = lines.readLine()) != null; ) {
                if (line.startsWith(READY)) {
                    ready.complete(System.nanoTime());
                }
                last.addLast(line);
                if (last.size() > LAST_LINES) {
                    last.removeFirst();
                }
            }
        } catch (IOException e) {
            // The process has ended
        }
        ready.completeExceptionally(new MeasurementFailed("./feira up ended:\n" + String.join("\n", last)));
    }
}
