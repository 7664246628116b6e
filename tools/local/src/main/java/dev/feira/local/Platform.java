package dev.feira.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The running platform: PostgreSQL and every service as processes of this machine. Closing it stops the services in
 * order and the database last; so does the end of this JVM, and where that is a crash, a guard ends them.
 *
 * <pre>{@code
 * try (var platform = Platform.start(PlatformOptions.temporary().withReplicas(Service.ORDER, 2))) {
 *     var client = FeiraClient.at(platform.url());
 *     platform.kill(platform.instances(Service.ORDER).getFirst());
 * }
 * }</pre>
 */
public final class Platform implements AutoCloseable {

    /** Longer than the services' own 20 s for requests under way and 12 s for steps of orders. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(40);

    /** What {@link #close} may take at worst: the gateway, the other services, PostgreSQL, one after the other. */
    public static final Duration CLOSE_PATIENCE = Duration.ofMinutes(3);

    private static final String STOPPING = "Feira is being stopped.";

    /** Before an ended service is started again; each attempt that fails doubles it. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private static final Executor VIRTUAL_THREADS = task -> Thread.ofVirtual().start(task);

    /** Does something after a pause; the tests' own does not wait. */
    @FunctionalInterface
    interface Timer {
        void after(Duration pause, Runnable task);
    }

    private final PlatformOptions options;
    private final Timer timer;
    private final JavaRuntime java = new JavaRuntime();
    private final Path data;
    private final Path cache;
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
    /** What runs beside the services and has to end with them; each of these ends it and waits. */
    private final List<Runnable> underWay = new CopyOnWriteArrayList<>();

    private Map<Service, Application> applications = Map.of();
    private volatile boolean closing;

    /**
     * Starts everything and waits until it is healthy.
     *
     * @throws StartFailure something did not start: the message names it and the cause; nothing is left running
     */
    public static Platform start(PlatformOptions options) {
        return start(
                options,
                (pause, task) -> CompletableFuture.delayedExecutor(
                                pause.toMillis(), TimeUnit.MILLISECONDS, VIRTUAL_THREADS)
                        .execute(task));
    }

    static Platform start(PlatformOptions options, Timer timer) {
        var platform = create(options, timer);
        try {
            platform.start();
            return platform;
        } catch (RuntimeException e) {
            // What ends because it is being stopped did not fail
            var stopped = platform.closing;
            platform.close();
            throw stopped ? new StartFailure("Feira was stopped while it was starting.") : e;
        }
    }

    private static Platform create(PlatformOptions options, Timer timer) {
        for (var service : Service.values()) {
            Application.built(options.home(), service);
        }
        try {
            var kept = options.data();
            var data = kept != null ? kept.toAbsolutePath() : Files.createTempDirectory("feira-");
            var lock = lock(data);
            try {
                RunState.read(data).ifPresent(RunState::endAll);
                return new Platform(options, timer, data, lock);
            } catch (IOException | RuntimeException e) {
                RunState.delete(data);
                lock.close();
                if (kept == null) {
                    PostgresBinaries.deleteTree(data);
                }
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
        checkPorts();
        cache = Files.createDirectories(options.home().resolve(".feira/cache"));
        secrets = options.data() != null ? Secrets.ofEmbedded(options.home()) : Secrets.random();
        var logs = Files.createDirectories(data.resolve("logs"));
        postgres = new PostgresServer(
                () -> PostgresBinaries.unpacked(cache),
                data.resolve("postgres"),
                logs.resolve("postgres.log"),
                postgresPort(),
                secrets);
        instances = newInstances(logs);
        guard = new OrphanGuard();
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /** The gateway as people and API clients see it, e.g. {@code http://localhost:8080}. */
    public URI url() {
        return URI.create("http://localhost:" + first(Service.GATEWAY).port());
    }

    /** Every replica of every service. */
    public List<Instance> instances() {
        return instances;
    }

    /** The replicas of one service, the first one first. */
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

    /** Where PostgreSQL's data, the logs and the list of processes are. */
    public Path data() {
        return data;
    }

    /** Ends a replica at once, as the kernel or a lost machine would (SIGKILL). It stays ended until it is restarted. */
    public void kill(Instance instance) {
        instance.kill();
    }

    /** Stops a replica's process without ending it (SIGSTOP): connections stay open, nothing is answered. */
    public void pause(Instance instance) {
        instance.signal("STOP");
    }

    /** Lets a paused replica go on. */
    public void resume(Instance instance) {
        instance.signal("CONT");
    }

    /** Ends a replica in order: requests under way are answered first. It stays ended until it is restarted. */
    public void stop(Instance instance) {
        instance.stop(STOP_PATIENCE);
        changed(instance);
    }

    /**
     * Starts a replica again on the same ports, after ending it in order if it still runs; waits until it is healthy.
     *
     * @throws StartFailure it did not come up
     */
    public void restart(Instance instance) {
        launchAgain(instance);
        instance.awaitHealthy(options.startTimeout());
        changed(instance);
    }

    /**
     * As {@link #restart(Instance)}, with more environment variables or others, for this replica alone: to compare it with
     * its twins. They stay until it is restarted with others again.
     */
    public void restart(Instance instance, Map<String, String> variables) {
        var changed = environment(instance.service());
        changed.putAll(variables);
        instance.configure(command(instance), changed);
        restart(instance);
    }

    /** As {@link #restart(Instance)}, but returns when the process exists, while it is still starting. */
    public void launchAgain(Instance instance) {
        instance.stop(STOP_PATIENCE);
        launch(instance);
    }

    /** Ends the database at once (SIGKILL); the services stay. */
    public void killPostgres() {
        postgres.kill();
    }

    /** Starts the database again on the same port and data; stops it first, in order, if it runs. */
    public void restartPostgres() {
        postgres.stop();
        postgres.start();
        remember();
    }

    /** Waits until another thread or the end of this JVM closes the platform. */
    public void awaitClosed() throws InterruptedException {
        closed.await();
    }

    /** Whether it is being stopped, or has been. */
    public boolean isClosing() {
        return closing;
    }

    /** Trains the ahead-of-time caches that are missing, one service at a time; see {@link AotTraining}. */
    public AotTraining training() {
        var training = new AotTraining(java, List.copyOf(applications.values()), cache);
        synchronized (this) {
            underWay.add(training::cancel);
            if (closing) {
                training.cancel();
            }
        }
        return training;
    }

    /** Stops everything: the gateway, then the services, PostgreSQL last. May be called twice. */
    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                awaitQuietly();
                return;
            }
            closing = true;
        }
        var rest = CompletableFuture.runAsync(() -> underWay.forEach(Runnable::run), VIRTUAL_THREADS);
        // The gateway first: what it has accepted still finds everything behind it
        stopAll(instances(Service.GATEWAY));
        stopAll(instances.stream()
                .filter(instance -> instance.service() != Service.GATEWAY)
                .toList());
        postgres.close();
        changed(postgres);
        guard.close();
        http.close();
        rest.exceptionally(_ -> null).join();
        try {
            RunState.delete(data);
            lock.close();
            if (options.data() == null) {
                PostgresBinaries.deleteTree(data);
            }
        } catch (IOException e) {
            // The processes are gone; what is left is a temporary folder
        }
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // This is the shutdown
        }
    }

    private void awaitQuietly() {
        try {
            closed.await(CLOSE_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start() {
        // Before anything that takes time: from here on status and down know this launcher
        remember();
        var components = new ArrayList<Component>();
        components.add(postgres);
        components.addAll(instances);
        options.observer().begins(List.copyOf(components));
        if (options.fresh()) {
            postgres.deleteData();
        }
        var prepared = prepareApplications();
        changed(postgres);
        postgres.start();
        changed(postgres);
        remember();
        applications = joined(prepared);
        for (var instance : instances) {
            instance.configure(command(instance), environment(instance.service()));
            launch(instance);
        }
        awaitAllHealthy();
    }

    private void awaitAllHealthy() {
        var failed = new CompletableFuture<Void>();
        var all = instances.stream()
                .map(instance -> CompletableFuture.runAsync(
                                () -> {
                                    instance.awaitHealthy(options.startTimeout());
                                    changed(instance);
                                },
                                VIRTUAL_THREADS)
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                changed(instance);
                                failed.completeExceptionally(failure);
                            }
                        }))
                .toArray(CompletableFuture<?>[]::new);
        // The first failure is the news; the others go on for nothing
        joined(CompletableFuture.anyOf(failed, CompletableFuture.allOf(all)));
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

    private CompletableFuture<Map<Service, Application>> prepareApplications() {
        synchronized (this) {
            if (closing) {
                throw new StartFailure(STOPPING);
            }
            var prepared = CompletableFuture.supplyAsync(this::prepare, VIRTUAL_THREADS);
            underWay.add(() -> prepared.exceptionally(_ -> Map.of()).join());
            return prepared;
        }
    }

    private Map<Service, Application> prepare() {
        var prepared = new EnumMap<Service, CompletableFuture<Application>>(Service.class);
        for (var service : Service.values()) {
            prepared.put(
                    service,
                    CompletableFuture.supplyAsync(
                            () -> Application.prepare(Application.built(options.home(), service), service, cache, java),
                            VIRTUAL_THREADS));
        }
        var applications = new EnumMap<Service, Application>(Service.class);
        prepared.forEach((service, application) -> applications.put(service, joined(application)));
        return applications;
    }

    private void launch(Instance instance) {
        // With the lock that close() takes first: what it does not find running does not begin to run afterwards
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
        launched(instance, FIRST_PAUSE);
    }

    /** @param pause before the next process, should this one end before it is healthy */
    private void launched(Instance instance, Duration pause) {
        if (options.restartEnded()) {
            instance.unexpectedEnd()
                    .thenAccept(ended -> startAgain(instance, ended, ended.wasHealthy() ? FIRST_PAUSE : pause));
        }
        changed(instance);
        remember();
    }

    /** Each end leads to one start, and nothing else does: two would go on as two for each end that follows. */
    private void startAgain(Instance instance, Instance.Run ended, Duration pause) {
        if (closing || !instance.hasBeenHealthy()) {
            // It never was healthy: the start itself reports that
            return;
        }
        changed(instance);
        var twice = pause.multipliedBy(2);
        var next = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
        timer.after(pause, () -> {
            try {
                synchronized (this) {
                    if (closing || !instance.launchAfter(ended)) {
                        return;
                    }
                }
            } catch (IOException e) {
                // There is no process whose end would lead to the next attempt
                startAgain(instance, ended, next);
                return;
            }
            launched(instance, next);
            awaitRecovery(instance);
        });
    }

    /** However long it takes: an ill process may recover by itself, as when its database comes back. */
    private void awaitRecovery(Instance instance) {
        do {
            try {
                instance.awaitHealthy(options.startTimeout());
                changed(instance);
                return;
            } catch (StartFailure e) {
                changed(instance);
            }
        } while (instance.isAlive());
    }

    /** For the guard, and for {@code status} and {@code down} in another terminal. */
    private synchronized void remember() {
        if (closing) {
            return;
        }
        guard.watch(postgres.pid(), instances.stream().map(Instance::pid).toList());
        var parts = new ArrayList<RunState.Part>();
        parts.add(RunState.Part.of(
                postgres.name(),
                postgres.pid(),
                postgres.port(),
                0,
                postgres.logFile().toString()));
        for (var instance : instances) {
            parts.add(RunState.Part.of(
                    instance.name(),
                    instance.pid(),
                    instance.port(),
                    instance.managementPort(),
                    instance.logFile().toString()));
        }
        var launcher = RunState.Part.of("launcher", ProcessHandle.current().pid(), 0, 0, "");
        try {
            new RunState(launcher, url().toString(), parts).write(data);
        } catch (IOException e) {
            throw new StartFailure("Cannot write into " + data + ": " + e.getMessage(), e);
        }
    }

    private void stopAll(List<Instance> some) {
        var stops = some.stream()
                .map(instance -> CompletableFuture.runAsync(
                        () -> {
                            if (instance.pid() != 0) {
                                instance.stop(STOP_PATIENCE);
                                changed(instance);
                            }
                        },
                        VIRTUAL_THREADS))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(stops).join();
    }

    private void changed(Component component) {
        synchronized (options.observer()) {
            options.observer().changed(component);
        }
    }

    private List<String> command(Instance instance) {
        var service = instance.service();
        var application = applications.get(service);
        if (application == null) {
            throw new IllegalStateException(service + " was not prepared");
        }
        var command = new ArrayList<String>();
        command.add(java.program().toString());
        command.addAll(java.arguments(service));
        if (options.aotCache() && application.isTrained()) {
            command.add("-XX:AOTCache=" + application.aotCache());
        }
        command.addAll(options.jvmArguments().getOrDefault(service, List.of()));
        command.add("-jar");
        command.add(application.jar().toString());
        command.addAll(listeningOn(instance.port(), instance.managementPort()));
        if (service == Service.GATEWAY || service == Service.ORDER) {
            command.addAll(furtherReplicas());
        }
        command.addAll(options.arguments().getOrDefault(service, List.of()));
        return command;
    }

    /** Loopback only: a laptop in a café is not a server. */
    static List<String> listeningOn(int port, int managementPort) {
        return List.of(
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--management.server.address=127.0.0.1",
                "--management.server.port=" + managementPort);
    }

    /**
     * The only replica of a service is known by its variable, see the services' application.yaml. Where there are more,
     * all are named here: Spring Boot takes a list from one source, not its parts from two.
     */
    private List<String> furtherReplicas() {
        return instances.stream()
                .filter(instance -> options.replicas(instance.service()) > 1 && instance.service() != Service.GATEWAY)
                .map(instance -> "--spring.cloud.discovery.client.simple.instances."
                        + instance.service().module() + "[" + (instance.number() - 1) + "].uri="
                        + address(instance))
                .toList();
    }

    private Map<String, String> environment(Service service) {
        var variables = new HashMap<String, String>();
        for (var other : Service.values()) {
            variables.put(other.urlVariable(), address(first(other)));
        }
        variables.put("FEIRA_PUBLIC_URL", url().toString());
        variables.put("FEIRA_IDENTITY_URL", first(Service.USER).uri().toString());
        variables.put("FEIRA_WEBHOOK_URL", url() + "/api/webhooks/payments");
        variables.putAll(environment(service, "127.0.0.1:" + postgres.port(), secrets));
        variables.putAll(options.environment().getOrDefault(service, Map.of()));
        return variables;
    }

    /** What does not depend on where the other services are. */
    static Map<String, String> environment(Service service, String postgres, Secrets secrets) {
        var variables = new HashMap<String, String>();
        variables.put("FEIRA_POSTGRES", postgres);
        variables.put("SPRING_DATASOURCE_PASSWORD", secrets.get(service.passwordVariable()));
        service.secretVariables().forEach(name -> secrets.find(name).ifPresent(value -> variables.put(name, value)));
        // glibc gives each of a JVM's many threads an arena of its own; two are enough and save tens of megabytes
        variables.put("MALLOC_ARENA_MAX", "2");
        return variables;
    }

    private static String address(Instance instance) {
        return "http://127.0.0.1:" + instance.port();
    }

    private Instance first(Service service) {
        return instances(service).getFirst();
    }

    private List<Instance> newInstances(Path logs) {
        var all = new ArrayList<Instance>();
        for (var service : Service.values()) {
            for (var number = 1; number <= options.replicas(service); number++) {
                all.add(new Instance(
                        service,
                        number,
                        port(service.port(), number),
                        port(service.managementPort(), number),
                        logs,
                        http));
            }
        }
        return List.copyOf(all);
    }

    private int port(int wellKnown, int number) {
        var offset = options.portOffset();
        return offset == null ? Ports.free() : wellKnown + offset + 10 * (number - 1);
    }

    /** Not 5432 at any price: many developers have a PostgreSQL of their own there, and only Feira needs to know. */
    private int postgresPort() {
        var offset = options.portOffset();
        return offset != null && Ports.isFree(5432 + offset) ? 5432 + offset : Ports.free();
    }

    private void checkPorts() {
        var offset = options.portOffset();
        if (offset == null) {
            return;
        }
        for (var service : Service.values()) {
            for (var number = 1; number <= options.replicas(service); number++) {
                checkPort(service, port(service.port(), number));
                checkPort(service, port(service.managementPort(), number));
            }
        }
    }

    private static void checkPort(Service service, int port) {
        if (!Ports.isFree(port)) {
            throw new StartFailure("Port " + port + ", which " + service.module() + " needs, is in use by "
                    + Ports.user(port).orElse("another program")
                    + ": end that, or move all ports by --port-offset 100.");
        }
    }

    private static RunState.Lock lock(Path data) throws IOException {
        RunState.@Nullable Lock lock = RunState.lock(data);
        if (lock == null) {
            var launcher = RunState.read(data)
                    .map(state -> " (process " + state.launcher().pid() + ", " + state.url() + ")")
                    .orElse("");
            throw new StartFailure(
                    "Feira already runs here" + launcher + ": ./feira status shows it, ./feira down stops it.");
        }
        return lock;
    }
}
