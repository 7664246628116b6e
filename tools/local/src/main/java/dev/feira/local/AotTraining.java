package dev.feira.local;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the ahead-of-time caches (JEP 483, 514, 515) with which the services start faster: runs each
 * service once, on a database and ports of its own and with low priority, asks it for a few pages, stops it, and lets
 * the JVM write what it loaded. The real data is never touched.
 *
 * @see <a href="https://openjdk.org/jeps/514">JEP 514: Ahead-of-Time Command-Line Ergonomics</a>
 */
public final class AotTraining {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final JavaRuntime java;
    private final List<Application> applications;
    private final Path cache;
    private final CountDownLatch finished = new CountDownLatch(1);
    private @Nullable PostgresServer postgres;
    private @Nullable Instance instance;
    private volatile boolean cancelled;

    AotTraining(JavaRuntime java, List<Application> applications, Path cache) {
        this.java = java;
        this.applications = applications;
        this.cache = cache;
    }

    /** Prepares the training of the jars that are built now, without a running platform. */
    public static AotTraining ofBuilt(Path home) throws IOException {
        var java = new JavaRuntime();
        var cache = Files.createDirectories(home.resolve(".feira/cache"));
        var applications = new ArrayList<Application>();
        for (var service : Service.values()) {
            applications.add(Application.prepare(Application.built(home, service), service, cache, java));
        }
        return new AotTraining(java, applications, cache);
    }

    /** The services whose cache is missing. */
    public List<Service> missing() {
        return applications.stream()
                .filter(application -> !application.isTrained())
                .map(Application::service)
                .toList();
    }

    /** Follows the training: one call before each service. */
    @FunctionalInterface
    public interface Progress {
        void trains(Service service);
    }

    /**
     * Trains what is missing, once; takes about half a minute for each service on two busy cores. The end of this JVM ends
     * it too.
     *
     * @return true when all caches are there; false when it was cancelled
     * @throws StartFailure a service does not start, or the disk is full
     */
    public boolean run(Progress progress) {
        var untrained = applications.stream()
                .filter(application -> !application.isTrained())
                .toList();
        if (untrained.isEmpty()) {
            return true;
        }
        var shutdownHook = new Thread(this::cancel, "feira-training-stop");
        try {
            Runtime.getRuntime().addShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // This is the shutdown
            return false;
        }
        try {
            return train(untrained, progress);
        } catch (IOException e) {
            throw new StartFailure("Cannot train the start-up caches: " + e.getMessage(), e);
        } catch (StartFailure e) {
            if (cancelled) {
                return false;
            }
            throw e;
        } finally {
            finished.countDown();
            removeQuietly(shutdownHook);
        }
    }

    private boolean train(List<Application> untrained, Progress progress) throws IOException {
        var folder = Files.createTempDirectory("feira-training-");
        var secrets = Secrets.random();
        var database = new PostgresServer(
                () -> PostgresBinaries.unpacked(cache),
                folder.resolve("postgres"),
                folder.resolve("postgres.log"),
                Ports.free(),
                secrets);
        try (var guard = new OrphanGuard();
                var http = HttpClient.newHttpClient()) {
            synchronized (this) {
                if (cancelled) {
                    return false;
                }
                postgres = database;
            }
            database.start();
            guard.watch(database.pid(), List.of());
            for (var application : untrained) {
                progress.trains(application.service());
                if (!train(application, database, secrets, folder, guard, http)) {
                    return false;
                }
            }
            return true;
        } finally {
            database.stop();
            PostgresBinaries.deleteTree(folder);
        }
    }

    /** Ends a run that is under way and waits until nothing of it is left; one that has not begun does not begin. */
    void cancel() {
        PostgresServer database;
        synchronized (this) {
            cancelled = true;
            database = postgres;
            if (instance != null) {
                instance.kill();
            }
        }
        if (database == null) {
            return;
        }
        database.close();
        try {
            finished.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeQuietly(Thread shutdownHook) {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // This is the shutdown
        }
    }

    private boolean train(
            Application application,
            PostgresServer database,
            Secrets secrets,
            Path folder,
            OrphanGuard guard,
            HttpClient http)
            throws IOException {
        var service = application.service();
        var trained = new Instance(service, 1, Ports.free(), Ports.free(), folder, http);
        var unfinished = application.aotCache().resolveSibling("training-" + UUID.randomUUID() + ".aot");
        trained.configure(command(application, unfinished, trained), environment(service, database, secrets));
        try {
            synchronized (this) {
                if (cancelled) {
                    return false;
                }
                instance = trained;
                trained.launch();
            }
            guard.watch(database.pid(), List.of(trained.pid()));
            trained.awaitHealthy(PATIENCE);
            for (var path : service.warmUpPaths()) {
                ask(http, trained, path);
            }
            // The JVM writes the cache while it ends; that takes longer than ending
            trained.signal("TERM");
            Processes.await(PATIENCE, () -> !trained.isAlive());
            if (cancelled) {
                return false;
            }
            if (!Files.exists(unfinished)) {
                throw new IOException(service.module() + " ended without writing its cache");
            }
            Files.move(unfinished, application.aotCache(), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } finally {
            trained.kill();
            Files.deleteIfExists(unfinished);
        }
    }

    private List<String> command(Application application, Path output, Instance instance) {
        var command = new ArrayList<>(List.of("nice", "-n", "19", java.program().toString()));
        command.addAll(java.arguments(application.service()));
        command.add("-XX:AOTCacheOutput=" + output);
        command.addAll(List.of("-jar", application.jar().toString()));
        command.addAll(Platform.listeningOn(instance.port(), instance.managementPort()));
        return command;
    }

    private static java.util.Map<String, String> environment(
            Service service, PostgresServer postgres, Secrets secrets) {
        var variables = new HashMap<>(Platform.environment(service, "127.0.0.1:" + postgres.port(), secrets));
        // Nobody listens there: a service under training must not reach the platform that really runs
        var nowhere = "http://127.0.0.1:9";
        for (var other : Service.values()) {
            variables.put(other.urlVariable(), nowhere);
        }
        variables.put("FEIRA_PUBLIC_URL", "http://localhost:8080");
        variables.put("FEIRA_IDENTITY_URL", nowhere + "/id");
        variables.put("FEIRA_WEBHOOK_URL", nowhere + "/");
        return variables;
    }

    /** The answer does not matter, only the classes that it takes. */
    private static void ask(HttpClient http, Instance instance, String path) {
        try {
            var request = HttpRequest.newBuilder(instance.uri().resolve(path))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            http.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            // No answer in time: the cache is a little smaller
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
