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
import java.util.function.BooleanSupplier;

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
    private final BooleanSupplier stopped;

    AotTraining(JavaRuntime java, List<Application> applications, Path cache, BooleanSupplier stopped) {
        this.java = java;
        this.applications = applications;
        this.cache = cache;
        this.stopped = stopped;
    }

    /** Prepares the training of the jars that are built now, without a running platform. */
    public static AotTraining ofBuilt(Path home) throws IOException {
        var java = new JavaRuntime();
        var cache = Files.createDirectories(home.resolve(".feira/cache"));
        var applications = new ArrayList<Application>();
        for (var service : Service.values()) {
            applications.add(Application.prepare(Application.built(home, service), service, cache, java));
        }
        return new AotTraining(java, applications, cache, () -> false);
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
     * Trains what is missing; takes about half a minute for each service on two busy cores.
     *
     * @return true when all caches are there; false when it was stopped
     * @throws StartFailure a service does not start, or the disk is full
     */
    public boolean run(Progress progress) {
        var untrained = applications.stream()
                .filter(application -> !application.isTrained())
                .toList();
        if (untrained.isEmpty()) {
            return true;
        }
        try {
            var folder = Files.createTempDirectory("feira-training-");
            var secrets = Secrets.random();
            var postgres = new PostgresServer(
                    PostgresBinaries.unpacked(cache),
                    folder.resolve("postgres"),
                    folder.resolve("postgres.log"),
                    Ports.free(),
                    secrets);
            try (var guard = new OrphanGuard();
                    var http = HttpClient.newHttpClient()) {
                postgres.start();
                guard.watch(postgres.pid(), List.of());
                for (var application : untrained) {
                    if (stopped.getAsBoolean()) {
                        return false;
                    }
                    progress.trains(application.service());
                    if (!train(application, postgres, secrets, folder, guard, http)) {
                        return false;
                    }
                }
                return true;
            } finally {
                postgres.stop();
                PostgresBinaries.deleteTree(folder);
            }
        } catch (IOException e) {
            throw new StartFailure("Cannot train the start-up caches: " + e.getMessage(), e);
        }
    }

    private boolean train(
            Application application,
            PostgresServer postgres,
            Secrets secrets,
            Path folder,
            OrphanGuard guard,
            HttpClient http)
            throws IOException {
        var service = application.service();
        var instance = new Instance(service, 1, Ports.free(), Ports.free(), folder, http);
        var unfinished = application.aotCache().resolveSibling("training-" + UUID.randomUUID() + ".aot");
        instance.configure(command(application, unfinished, instance), environment(service, postgres, secrets));
        try {
            instance.launch();
            guard.watch(postgres.pid(), List.of(instance.pid()));
            instance.awaitHealthy(PATIENCE);
            for (var path : service.warmUpPaths()) {
                ask(http, instance, path);
            }
            // The JVM writes the cache while it ends; that takes longer than ending
            instance.signal("TERM");
            Processes.await(PATIENCE, () -> !instance.isAlive() || stopped.getAsBoolean());
            if (stopped.getAsBoolean()) {
                return false;
            }
            if (!Files.exists(unfinished)) {
                throw new IOException(service.module() + " ended without writing its cache");
            }
            Files.move(unfinished, application.aotCache(), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } finally {
            instance.kill();
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
