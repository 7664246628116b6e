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
public final class Instance extends Component {

    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(2);

    /** Ignores Ctrl-C and a closed terminal: the launcher stops the processes in order. */
    private static final List<String> DETACHED = List.of("sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");

    private final Service service;
    private final int number;
    private final int managementPort;
    private final HttpClient http;
    private List<String> command = List.of();
    private Map<String, String> environment = Map.of();
    private volatile @Nullable Run run;
    private volatile LogFile log;

    /** One process of the replica. Its end is reported a moment later, when the next process may already run. */
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
        var name = number == 1 ? service.module() : service.module() + "-" + number;
        super(name, port, logs.resolve(name + ".log"));
        this.service = service;
        this.number = number;
        this.managementPort = managementPort;
        this.http = http;
        this.log = new LogFile(logFile(), 0);
    }

    public Service service() {
        return service;
    }

    /** 1 for the first replica. */
    public int number() {
        return number;
    }

    @Override
    public int managementPort() {
        return managementPort;
    }

    /** The base address with the context path, without a slash at the end. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port() + service.contextPath());
    }

    /** The base address of {@code /actuator/…}. */
    public URI managementUri() {
        return URI.create("http://127.0.0.1:" + managementPort);
    }

    @Override
    public long pid() {
        var latest = run;
        return latest == null ? 0 : latest.process.pid();
    }

    @Override
    public Optional<String> detail() {
        return state() == State.STARTING ? log.lastMessage() : Optional.empty();
    }

    /** Makes the service listen on loopback only; the gateway on both, since {@code localhost} may be either. */
    List<String> listenArguments() {
        var arguments = new ArrayList<>(List.of(
                "--server.address=127.0.0.1",
                "--server.port=" + port(),
                "--management.server.address=127.0.0.1",
                "--management.server.port=" + managementPort));
        if (service == Service.GATEWAY) {
            arguments.add("--feira.second-address=::1");
        }
        return arguments;
    }

    /** Whether its process exists; it may be unhealthy or stopped by a signal. */
    public boolean isAlive() {
        var latest = run;
        return latest != null && latest.process.isAlive();
    }

    /** Whether its readiness probe returns 200 within 2 s. */
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
     * Starts the process. The first start moves an old log aside; later starts append to the log.
     *
     * @throws IllegalStateException a process already runs
     */
    synchronized void launch() throws IOException {
        if (isAlive()) {
            throw new IllegalStateException(name() + " already runs (process " + pid() + ")");
        }
        Files.createDirectories(logFile().getParent());
        if (run == null && Files.exists(logFile())) {
            var previous = logFile().resolveSibling(name() + ".previous.log");
            Files.move(logFile(), previous, StandardCopyOption.REPLACE_EXISTING);
        }
        log = new LogFile(logFile(), Files.exists(logFile()) ? Files.size(logFile()) : 0);
        var all = new ArrayList<>(DETACHED);
        all.addAll(command);
        var builder = new ProcessBuilder(all)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
        // Spring settings of the user's shell belong to other applications
        builder.environment().keySet().removeIf(Instance::configuresSpring);
        builder.environment().putAll(environment);
        run = new Run(builder.start());
        starting();
    }

    /**
     * Starts the process again if this run is the latest one and was not stopped on purpose.
     *
     * @return false if it has been stopped or started in the meantime
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
     * @throws StartFailure the process ended or the timeout is over; the message has the cause from the log
     */
    void awaitHealthy(Duration timeout) {
        var awaited = run;
        var output = log;
        if (awaited == null) {
            throw new IllegalStateException(name() + " was not launched");
        }
        var healthy = Processes.await(timeout, () -> !awaited.process.isAlive() || isHealthy());
        if (!awaited.process.isAlive()) {
            ended(awaited);
            var exit = "it ended with exit code " + awaited.process.exitValue() + " and no message";
            throw new StartFailure(name(), output.failureCause().orElse(exit), logFile());
        }
        if (!healthy) {
            var error = output.lastError().map(text -> "; its last error: " + text);
            throw new StartFailure(
                    name(), "it is not healthy after " + timeout.toSeconds() + " s" + error.orElse(""), logFile());
        }
        healthy(awaited);
    }

    private synchronized void healthy(Run healthy) {
        healthy.healthy = true;
        if (run == healthy && healthy.process.isAlive()) {
            healthy();
        }
    }

    /** Stops it gracefully: it completes requests in progress first, for up to 20 s. Kills it after the timeout. */
    void stop(Duration timeout) {
        var ending = expectEnd();
        if (ending != null && ending.process.isAlive()) {
            try {
                // A paused process cannot handle SIGTERM
                signal("CONT");
            } catch (IllegalStateException e) {
                // It is killed after the timeout
            }
            ending.process.destroy();
            if (!Processes.await(timeout, () -> !ending.process.isAlive())) {
                kill();
            }
        }
        ended(ending);
    }

    /** Kills it (SIGKILL) and waits until the process is gone. */
    void kill() {
        var ending = expectEnd();
        if (ending != null) {
            // A JVM that writes an AOT cache has a child process
            ending.process.descendants().forEach(ProcessHandle::destroyForcibly);
            ending.process.destroyForcibly();
            Processes.await(Duration.ofSeconds(10), () -> !ending.process.isAlive());
        }
        ended(ending);
    }

    /** Marks the end as expected, so that a pending restart does not start it again. */
    private synchronized @Nullable Run expectEnd() {
        var latest = run;
        if (latest != null) {
            latest.endExpected = true;
        }
        return latest;
    }

    private synchronized void ended(@Nullable Run gone) {
        if (run == gone) {
            ended();
        }
    }

    /** @param signal e.g. {@code STOP}, {@code CONT} */
    void signal(String signal) {
        if (!isAlive()) {
            return;
        }
        try {
            Processes.run(List.of("kill", "-" + signal, String.valueOf(pid())), Duration.ofSeconds(5));
        } catch (IOException e) {
            if (isAlive()) {
                throw new IllegalStateException("cannot send " + signal + " to " + name() + ": " + e.getMessage(), e);
            }
        }
    }

    /** Completes with the current process if it ends without {@link #stop} or {@link #kill}. */
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
        return name() + " (process " + pid() + ", port " + port() + ")";
    }
}
