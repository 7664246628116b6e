package dev.feira.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One replica of a service: a process with its ports and its log. */
public final class Instance implements Component {

    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(2);

    /** One line of the shell: Ctrl-C and a closed terminal are for the launcher, which stops everything in order. */
    private static final List<String> DETACHED = List.of("sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");

    private final Service service;
    private final int number;
    private final int port;
    private final int managementPort;
    private final Path logFile;
    private final HttpClient http;
    private List<String> command = List.of();
    private Map<String, String> environment = Map.of();
    private volatile State state = State.WAITING;
    private volatile @Nullable Run run;
    private volatile LogFile log;
    private volatile long startedAt = System.nanoTime();
    private volatile Duration startTime = Duration.ZERO;

    /**
     * One process of the replica. What concerns an end is kept with the process that ends: it is told a moment later, when
     * the next one may already run.
     */
    static final class Run {
        private final Process process;
        private volatile boolean healthy;
        private volatile boolean endExpected;

        private Run(Process process) {
            this.process = process;
        }

        /** Whether it was healthy at any time. */
        boolean wasHealthy() {
            return healthy;
        }
    }

    Instance(Service service, int number, int port, int managementPort, Path logs, HttpClient http) {
        this.service = service;
        this.number = number;
        this.port = port;
        this.managementPort = managementPort;
        this.http = http;
        this.logFile = logs.toAbsolutePath().resolve(name() + ".log");
        this.log = new LogFile(logFile, 0);
    }

    public Service service() {
        return service;
    }

    /** 1 for the first replica. */
    public int number() {
        return number;
    }

    @Override
    public String name() {
        return number == 1 ? service.module() : service.module() + "-" + number;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public int port() {
        return port;
    }

    public int managementPort() {
        return managementPort;
    }

    /** Where it answers, context path included, without a slash at the end. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port + service.contextPath());
    }

    /** Where its health and metrics are: that + {@code /actuator/…}. */
    public URI managementUri() {
        return URI.create("http://127.0.0.1:" + managementPort);
    }

    @Override
    public long pid() {
        var latest = run;
        return latest == null ? 0 : latest.process.pid();
    }

    @Override
    public Path logFile() {
        return logFile;
    }

    @Override
    public Duration startTime() {
        return state == State.STARTING ? Duration.ofNanos(System.nanoTime() - startedAt) : startTime;
    }

    @Override
    public Optional<String> detail() {
        return state == State.STARTING ? log.lastMessage() : Optional.empty();
    }

    /** True while there is a process; it may be ill or stopped by a signal. */
    public boolean isAlive() {
        var latest = run;
        return latest != null && latest.process.isAlive();
    }

    /** Whether any of its processes was healthy at any time. */
    boolean hasBeenHealthy() {
        return !startTime.isZero();
    }

    /** Its own answer to whether it can serve. */
    public boolean isHealthy() {
        var request = HttpRequest.newBuilder(managementUri().resolve("/actuator/health/readiness"))
                .timeout(HEALTH_TIMEOUT)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void configure(List<String> newCommand, Map<String, String> newEnvironment) {
        command = List.copyOf(newCommand);
        environment = Map.copyOf(newEnvironment);
    }

    /**
     * Starts the process; the log is a new file the first time, and is appended to after that.
     *
     * @throws IllegalStateException it runs already: a second process would take the place of the first, which nobody
     *     would stop then
     */
    synchronized void launch() throws IOException {
        if (isAlive()) {
            throw new IllegalStateException(name() + " already runs (process " + pid() + ")");
        }
        Files.createDirectories(logFile.getParent());
        if (run == null && Files.exists(logFile)) {
            var previous = logFile.resolveSibling(name() + ".previous.log");
            Files.move(logFile, previous, StandardCopyOption.REPLACE_EXISTING);
        }
        log = new LogFile(logFile, Files.exists(logFile) ? Files.size(logFile) : 0);
        var all = new ArrayList<>(DETACHED);
        all.addAll(command);
        var builder = new ProcessBuilder(all)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        // What this shell has set for other Spring applications is not meant for these
        builder.environment().keySet().removeIf(Instance::configuresSpring);
        builder.environment().putAll(environment);
        var began = System.nanoTime();
        run = new Run(builder.start());
        startedAt = began;
        state = State.STARTING;
    }

    /**
     * Starts the process again, if this is still the one that ran last and nobody has asked it to end.
     *
     * @return false when it has been stopped, or started, by someone else meanwhile
     */
    synchronized boolean launchAfter(Run ended) throws IOException {
        if (run != ended || ended.endExpected) {
            return false;
        }
        launch();
        return true;
    }

    /**
     * Waits until it is healthy.
     *
     * @throws StartFailure its process ended, or the time is over; says why, from its log
     */
    void awaitHealthy(Duration atMost) {
        var awaited = run;
        var said = log;
        if (awaited == null) {
            throw new IllegalStateException(name() + " was not launched");
        }
        var healthy = Processes.await(atMost, () -> !awaited.process.isAlive() || isHealthy());
        if (!awaited.process.isAlive()) {
            ended(awaited);
            var otherwise = "it ended with exit code " + awaited.process.exitValue() + " and no message";
            throw new StartFailure(name(), said.failureCause().orElse(otherwise), logFile);
        }
        if (!healthy) {
            var error =
                    said.lastError().map(text -> "; its last error: " + text).orElse("");
            throw new StartFailure(name(), "it is not healthy after " + atMost.toSeconds() + " s" + error, logFile);
        }
        healthy(awaited);
    }

    private synchronized void healthy(Run healthy) {
        healthy.healthy = true;
        if (run == healthy && healthy.process.isAlive()) {
            startTime = Duration.ofNanos(System.nanoTime() - startedAt);
            state = State.HEALTHY;
        }
    }

    /** Ends it in order: requests under way are answered first, for up to 20 s. */
    void stop(Duration patience) {
        var ending = expectEnd();
        if (ending != null && ending.process.isAlive()) {
            try {
                // A process that was paused by a test cannot hear the request to end
                signal("CONT");
            } catch (IllegalStateException e) {
                // It ends by force then, paused or not
            }
            Processes.end(ending.process.toHandle(), patience);
            // ProcessHandle and Process learn of the end at different moments, and launch() asks the Process
            Processes.await(Duration.ofSeconds(5), () -> !ending.process.isAlive());
        }
        ended(ending);
    }

    /** Ends it at once (SIGKILL); returns when it is gone. */
    void kill() {
        var ending = expectEnd();
        if (ending != null) {
            ending.process.destroyForcibly();
            Processes.await(Duration.ofSeconds(10), () -> !ending.process.isAlive());
        }
        ended(ending);
    }

    /** From now on its end is no news, and whoever was about to start it again does not. */
    private synchronized @Nullable Run expectEnd() {
        var latest = run;
        if (latest != null) {
            latest.endExpected = true;
        }
        return latest;
    }

    private synchronized void ended(@Nullable Run gone) {
        if (run == gone) {
            state = State.ENDED;
        }
    }

    /** @param signal e.g. {@code STOP}, {@code CONT} */
    void signal(String signal) {
        if (isAlive()) {
            try {
                Processes.run(List.of("kill", "-" + signal, String.valueOf(pid())), Duration.ofSeconds(5));
            } catch (IOException e) {
                if (!isAlive()) {
                    return;
                }
                throw new IllegalStateException("cannot send " + signal + " to " + name() + ": " + e.getMessage(), e);
            }
        }
    }

    /** Completes with the process that runs now, when it ends without having been asked to. */
    CompletableFuture<Run> unexpectedEnd() {
        var unexpected = new CompletableFuture<Run>();
        var latest = run;
        if (latest != null) {
            latest.process.onExit().thenAccept(_ -> {
                if (!latest.endExpected) {
                    ended(latest);
                    unexpected.complete(latest);
                }
            });
        }
        return unexpected;
    }

    private static boolean configuresSpring(String variable) {
        var name = variable.toUpperCase(Locale.ROOT);
        return name.startsWith("SPRING_") || name.startsWith("SERVER_") || name.startsWith("MANAGEMENT_");
    }

    @Override
    public String toString() {
        return name() + " (process " + pid() + ", port " + port + ")";
    }
}
