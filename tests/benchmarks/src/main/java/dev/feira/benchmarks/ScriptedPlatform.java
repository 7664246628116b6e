package dev.feira.benchmarks;

import dev.feira.local.RunState;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The platform as {@code ./feira up} starts it, in a process of its own. */
final class ScriptedPlatform implements AutoCloseable {

    private static final String READY = "Feira is ready after";
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(120);

    /** What is kept of its output, for the case that it ends. */
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
     * Starts it and waits for its "ready".
     *
     * @param variables what is set in the environment of the script, and so of the services
     * @param arguments of {@code up}
     * @throws MeasurementFailed it ended instead; says what it said last
     */
    static ScriptedPlatform start(Workspace workspace, Progress progress, Map<String, String> variables, String... arguments)
            throws IOException, InterruptedException {
        var all = Stream.concat(Stream.of("up"), Arrays.stream(arguments)).toArray(String[]::new);
        var builder = workspace.script(all);
        builder.environment().putAll(variables);
        var ready = new CompletableFuture<Long>();
        try (var _ = progress.begin("./feira " + String.join(" ", all))) {
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

    /** From the start of the script to the line that says that all is healthy. */
    Duration startTime() {
        return startTime;
    }

    URI url() {
        return URI.create(state().url());
    }

    /** Its processes. */
    RunState state() {
        return RunState.read(workspace.data())
                .orElseThrow(() -> new MeasurementFailed("Feira ended while it was measured: see " + workspace.data()));
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

    /** The launcher stops everything in order; the script has become the launcher by exec. */
    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly(); // the guard ends the rest
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
            // It is the end as well
        }
        ready.completeExceptionally(new MeasurementFailed("./feira up ended:\n" + String.join("\n", last)));
    }
}
