package dev.feira.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * Runs the platform: PostgreSQL and every service as processes of this machine. Closing it, or the end of this JVM, stops
 * the gateway first and the database last. If this JVM crashes, {@link OrphanGuard} stops them.
 *
 * <pre>{@code
 * try (var platform = Platform.start(PlatformOptions.temporary().withReplicas(Service.ORDER, 2))) {
 *     var client = FeiraClient.at(platform.url());
 *     platform.kill(platform.instances(Service.ORDER).getFirst());
 * }
 * }</pre>
 */
public final class Platform implements AutoCloseable {

    /** The upper limit of {@link #close}: the gateway, the other services, PostgreSQL, one after the other. */
    public static final Duration CLOSE_TIMEOUT = Duration.ofMinutes(3);

    /** Longer than the services' own 20 s for requests in progress and 12 s for saga steps. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(40);

    /** The delay before an ended service is restarted; each failed attempt doubles it. */
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

    private static final Duration MAX_DELAY = Duration.ofSeconds(30);

    private static final int CLOSED_PORT = 9;

    private static final String STOPPING = "Feira is being stopped.";

    private static final Executor VIRTUAL_THREADS = task -> Thread.ofVirtual().start(task);

    /** Runs a task after a delay; tests run it without the delay. */
    @FunctionalInterface
    interface Timer {
        void after(Duration delay, Runnable task);
    }

    private final PlatformOptions options;
    private final Timer timer;
    private final JavaRuntime java = new JavaRuntime();
    private final Path data;
    private final Secrets secrets;
    private final HttpClient http = HttpClient.newBuilder()
            .executor(VIRTUAL_THREADS)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private final PostgresServer postgres;
    private final List<Instance> instances;
    private final Thread shutdownHook = new Thread(this::close, "feira-stop");
    private final CountDownLatch closed = new CountDownLatch(1);
    private final RunState.Lock lock;
    private final OrphanGuard guard;
    private final ExecutorService unpacking = Executors.newVirtualThreadPerTaskExecutor();
    private List<Application> applications = List.of();
    private volatile boolean closing;

    /**
     * Starts everything and waits until it is healthy.
     *
     * @throws StartFailure a component did not start: the message has its name and the cause; no process is left
     */
    public static Platform start(PlatformOptions options) {
        return start(
                options,
                (delay, task) -> CompletableFuture.delayedExecutor(
                                delay.toMillis(), TimeUnit.MILLISECONDS, VIRTUAL_THREADS)
                        .execute(task));
    }

    static Platform start(PlatformOptions options, Timer timer) {
        var platform = create(options, timer);
        try {
            platform.start();
            return platform;
        } catch (RuntimeException e) {
            // A process that was stopped on purpose did not fail
            var stopped = platform.closing;
            platform.close();
            throw stopped ? new StartFailure("Feira was stopped while it was starting.") : e;
        }
    }

    private static Platform create(PlatformOptions options, Timer timer) {
        for (var service : Service.values()) {
            Application.built(options.home, service);
        }
        try {
            var data = options.data != null ? options.data.toAbsolutePath() : Files.createTempDirectory("feira-");
            var lock = RunState.lock(data);
            try {
                RunState.read(data).ifPresent(RunState::endAll);
                return new Platform(options, timer, data, lock);
            } catch (IOException | RuntimeException e) {
                release(options, data, lock);
                throw e;
            }
        } catch (IOException e) {
            throw new StartFailure("Feira cannot use its folder: " + e.getMessage(), e);
        }
    }

    private Platform(PlatformOptions options, Timer timer, Path data, RunState.Lock lock) throws IOException {
        this.options = options;
        this.timer = timer;
        this.data = data;
        this.lock = lock;
        var logs = Files.createDirectories(data.resolve("logs"));
        instances = newInstances(logs);
        secrets = options.data != null ? Secrets.ofEmbedded(options.home) : Secrets.random();
        postgres = new PostgresServer(
                () -> PostgresBinaries.unpacked(cache()),
                data.resolve("postgres"),
                logs.resolve("postgres.log"),
                postgresPort(),
                secrets);
        guard = new OrphanGuard();
        try {
            Runtime.getRuntime().addShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            guard.close();
            throw new StartFailure(STOPPING, e);
        }
    }

    /** The gateway's address for browsers and API clients, e.g. {@code http://localhost:8080}. */
    public URI url() {
        return URI.create("http://localhost:" + port(Service.GATEWAY));
    }

    /** Every replica of every service. */
    public List<Instance> instances() {
        return instances;
    }

    /** The replicas of one service, in order. */
    public List<Instance> instances(Service service) {
        return instances.stream()
                .filter(instance -> instance.service() == service)
                .toList();
    }

    public PostgresServer postgres() {
        return postgres;
    }

    public Secrets secrets() {
        return secrets;
    }

    /** The folder of PostgreSQL's data, the logs and the run state. */
    public Path data() {
        return data;
    }

    /** Kills a replica (SIGKILL); it stays ended until it is restarted. */
    public void kill(Instance instance) {
        instance.kill();
    }

    /** Suspends a replica's process (SIGSTOP): connections stay open and no response arrives. */
    public void pause(Instance instance) {
        instance.signal("STOP");
    }

    /** Resumes a paused replica (SIGCONT). */
    public void resume(Instance instance) {
        instance.signal("CONT");
    }

    /** Stops a replica gracefully: it completes requests in progress. It stays ended until it is restarted. */
    public void stop(Instance instance) {
        instance.stop(STOP_TIMEOUT);
        changed(instance);
    }

    /**
     * Restarts a replica on the same ports and waits until it is healthy. Stops it gracefully first.
     *
     * @throws StartFailure it did not start
     */
    public void restart(Instance instance) {
        launchAgain(instance);
        instance.awaitHealthy(options.startTimeout);
        changed(instance);
    }

    /** Restarts one replica with additional or changed environment variables; the next call replaces them. */
    public void restart(Instance instance, Map<String, String> variables) {
        var changed = environment(instance.service());
        changed.putAll(variables);
        instance.configure(command(instance), changed);
        restart(instance);
    }

    /** Restarts a replica and returns when the process exists, while it still starts. */
    void launchAgain(Instance instance) {
        instance.stop(STOP_TIMEOUT);
        launch(instance);
    }

    /** Kills the database (SIGKILL); the services keep running. */
    public void killPostgres() {
        postgres.kill();
    }

    /** Restarts the database on the same port and data; stops it gracefully first. */
    public void restartPostgres() {
        postgres.stop();
        postgres.start();
        writeRunState();
    }

    /** Waits until another thread or the end of this JVM has closed the platform. */
    public void awaitClosed() throws InterruptedException {
        closed.await();
    }

    /** Whether the platform is being stopped or is stopped. */
    public boolean isClosing() {
        return closing;
    }

    /** Finds the services without an AOT cache. */
    public AotTraining training() {
        return new AotTraining(options.home, applications);
    }

    /** Stops everything: the gateway, then the services, PostgreSQL last. A second call waits for the first. */
    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                awaitClosedQuietly();
                return;
            }
            closing = true;
        }
        if (options.training) {
            instances.forEach(Instance::kill); // Writing a cache would delay the stop
        }
        // The gateway first: the requests that it has accepted still need the services
        stopAll(instances(Service.GATEWAY).stream());
        stopAll(instances.stream().filter(instance -> instance.service() != Service.GATEWAY));
        postgres.close();
        changed(postgres);
        guard.close();
        http.close();
        unpacking.close();
        try {
            release(options, data, lock);
        } catch (IOException e) {
            // No process is left, only a temporary folder
        }
        closed.countDown();
        Processes.removeShutdownHook(shutdownHook);
    }

    private static void release(PlatformOptions options, Path data, RunState.Lock lock) throws IOException {
        RunState.delete(data);
        lock.close();
        if (options.data == null) {
            FileUtils.deleteDirectory(data.toFile());
        }
    }

    private void awaitClosedQuietly() {
        try {
            closed.await(CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start() {
        // First of all: from here on, status and down find this launcher
        writeRunState();
        options.observer.begins(
                Stream.concat(Stream.of(postgres), instances.stream()).toList());
        if (options.fresh) {
            postgres.deleteData();
        }
        var unpacked = unpackApplications();
        changed(postgres);
        postgres.start();
        changed(postgres);
        writeRunState();
        applications = unpacked.stream().map(Platform::joined).toList();
        for (var instance : instances) {
            instance.configure(command(instance), environment(instance.service()));
            launch(instance);
        }
        awaitAllHealthy();
    }

    private List<CompletableFuture<Application>> unpackApplications() {
        try {
            return Arrays.stream(Service.values())
                    .map(service -> CompletableFuture.supplyAsync(
                            () -> Application.prepare(options.home, service, java), unpacking))
                    .toList();
        } catch (RejectedExecutionException e) {
            throw new StartFailure(STOPPING);
        }
    }

    private void awaitAllHealthy() {
        var failed = new CompletableFuture<Void>();
        var all = inParallel(instances.stream(), instance -> {
            try {
                instance.awaitHealthy(options.startTimeout);
            } catch (RuntimeException e) {
                failed.completeExceptionally(e);
            }
            changed(instance);
        });
        // Reports the first failure without waiting for the others
        joined(CompletableFuture.anyOf(failed, all));
    }

    private static CompletableFuture<Void> inParallel(Stream<Instance> instances, Consumer<Instance> task) {
        return CompletableFuture.allOf(instances
                .map(instance -> CompletableFuture.runAsync(() -> task.accept(instance), VIRTUAL_THREADS))
                .toArray(CompletableFuture<?>[]::new));
    }

    private static <T> T joined(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StartFailure failure) {
                throw failure;
            }
            throw new StartFailure("Feira did not start: " + e.getCause(), e);
        }
    }

    private void launch(Instance instance) {
        // Under the lock that close() takes first: no process starts after close() has looked for it
        synchronized (this) {
            if (closing) {
                throw new StartFailure(STOPPING);
            }
            try {
                instance.launch();
            } catch (IOException e) {
                throw new StartFailure(instance.name(), String.valueOf(e.getMessage()), instance.logFile());
            }
        }
        launched(instance, FIRST_DELAY);
    }

    /** @param delay before the next process, if this one ends before it is healthy */
    private void launched(Instance instance, Duration delay) {
        if (options.restartEnded) {
            instance.unexpectedEnd()
                    .thenAccept(ended -> restartLater(instance, ended, ended.wasHealthy() ? FIRST_DELAY : delay));
        }
        changed(instance);
        writeRunState();
    }

    /** Each unexpected end leads to exactly one restart. */
    private void restartLater(Instance instance, Instance.Run ended, Duration delay) {
        if (closing || !instance.hasBeenHealthy()) {
            return; // If it was never healthy, start() reports the failure
        }
        changed(instance);
        var twice = delay.multipliedBy(2);
        var next = twice.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : twice;
        timer.after(delay, () -> {
            try {
                synchronized (this) {
                    if (closing || !instance.launchAfter(ended)) {
                        return;
                    }
                }
            } catch (IOException e) {
                // No process exists whose end would trigger the next attempt
                restartLater(instance, ended, next);
                return;
            }
            launched(instance, next);
            awaitRecovery(instance);
        });
    }

    /** Waits without a limit: an unhealthy process may recover, e.g. when its database is back. */
    private void awaitRecovery(Instance instance) {
        do {
            try {
                instance.awaitHealthy(options.startTimeout);
                changed(instance);
                return;
            } catch (StartFailure e) {
                changed(instance);
            }
        } while (instance.isAlive());
    }

    /** Updates the guard, and the file that {@code status} and {@code down} read in another terminal. */
    private synchronized void writeRunState() {
        if (closing) {
            return;
        }
        guard.watch(postgres.pid(), instances.stream().map(Instance::pid).toList());
        var parts = Stream.concat(Stream.of(postgres), instances.stream())
                .map(RunState.Part::of)
                .toList();
        try {
            new RunState(RunState.Part.launcher(), url().toString(), parts).write(data);
        } catch (IOException e) {
            throw new StartFailure("Cannot write to " + data + ": " + e.getMessage(), e);
        }
    }

    private void stopAll(Stream<Instance> some) {
        inParallel(some.filter(instance -> instance.pid() != 0), this::stop).join();
    }

    private void changed(Component component) {
        synchronized (options.observer) {
            options.observer.changed(component);
        }
    }

    private List<String> command(Instance instance) {
        var service = instance.service();
        var application = applications.get(service.ordinal());
        var command = new ArrayList<String>();
        if (options.training) {
            command.addAll(List.of("nice", "-n", "19"));
        }
        command.add(java.program().toString());
        command.addAll(java.arguments(service));
        if (application.isTrained()) {
            command.add("-XX:AOTCache=" + application.aotCache());
        }
        command.addAll(options.jvmArguments(service));
        command.add("-jar");
        command.add(application.jar().toString());
        command.addAll(instance.listenArguments());
        if (service == Service.GATEWAY || service == Service.ORDER) {
            command.addAll(discoveryArguments());
        }
        command.addAll(options.arguments(service));
        return command;
    }

    /**
     * Lists all replicas of a service that has more than one. The services' application.yaml lists the first replica only,
     * and Spring Boot takes a list from one source.
     */
    private List<String> discoveryArguments() {
        return instances.stream()
                .filter(instance -> options.replicas(instance.service()) > 1 && instance.service() != Service.GATEWAY)
                .map(instance -> "--spring.cloud.discovery.client.simple.instances."
                        + instance.service().module() + "[" + (instance.number() - 1) + "].uri=http://127.0.0.1:"
                        + instance.port())
                .toList();
    }

    private Map<String, String> environment(Service service) {
        var variables = new HashMap<String, String>();
        for (var other : Service.values()) {
            variables.put(other.urlVariable(), "http://127.0.0.1:" + port(other));
        }
        variables.put("FEIRA_PUBLIC_URL", url().toString());
        variables.put("FEIRA_IDENTITY_URL", "http://127.0.0.1:" + port(Service.USER) + Service.USER.contextPath());
        variables.put("FEIRA_WEBHOOK_URL", url() + "/api/webhooks/payments");
        variables.putAll(service.environment(postgres, secrets));
        variables.putAll(options.environment(service));
        return variables;
    }

    private Path cache() {
        return options.home.resolve(".feira/cache");
    }

    /** The port of the first replica; a closed port for a service that this platform does not run. */
    private int port(Service service) {
        return instances(service).stream().findFirst().map(Component::port).orElse(CLOSED_PORT);
    }

    private List<Instance> newInstances(Path logs) {
        var all = new ArrayList<Instance>();
        for (var service : Service.values()) {
            for (var number = 1; number <= options.replicas(service); number++) {
                var port = port(service, service.port(), number);
                var managementPort = port(service, service.managementPort(), number);
                all.add(new Instance(service, number, port, managementPort, logs, http));
            }
        }
        return List.copyOf(all);
    }

    private int port(Service service, int defaultPort, int number) {
        if (options.portOffset == null) {
            return Ports.free();
        }
        var port = defaultPort + options.portOffset + 10 * (number - 1);
        if (!Ports.isFree(port)) {
            throw new StartFailure("Port " + port + ", which " + service.module() + " needs, is in use by "
                    + Ports.user(port).orElse("another program")
                    + ". Stop that, or move all ports by --port-offset 100.");
        }
        return port;
    }

    /** Another free port if the default is in use: many developers run PostgreSQL, and only Feira needs the port. */
    private int postgresPort() {
        var offset = options.portOffset;
        return offset != null && Ports.isFree(5432 + offset) ? 5432 + offset : Ports.free();
    }
}
