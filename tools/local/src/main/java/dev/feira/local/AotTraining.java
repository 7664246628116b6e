package dev.feira.local;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Trains the AOT caches (JEP 483, 514, 515) with which the services start faster. Runs each service with low priority in a
 * temporary platform of its own, sends it some requests and stops it; then the JVM writes the cache.
 *
 * @see <a href="https://openjdk.org/jeps/514">JEP 514: Ahead-of-Time Command-Line Ergonomics</a>
 */
public final class AotTraining {

    /** The JVM writes the cache while it ends, which takes longer than a usual stop. */
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

    private final Path home;
    private final List<Application> untrained;

    AotTraining(Path home, List<Application> applications) {
        this.home = home;
        this.untrained = applications.stream()
                .filter(application -> !application.isTrained())
                .toList();
    }

    /** Finds the built services without a cache. */
    public static AotTraining of(Path home) {
        var java = new JavaRuntime();
        return new AotTraining(
                home,
                Arrays.stream(Service.values())
                        .map(service -> Application.prepare(home, service, java))
                        .toList());
    }

    /** The number of services without a cache. */
    public int missing() {
        return untrained.size();
    }

    /**
     * Trains the missing caches, each in about half a minute on two busy cores. The end of this JVM stops it.
     *
     * @param progress is called before each service
     * @throws StartFailure a service does not start, the disk is full, or this JVM ends
     */
    public void run(Consumer<Service> progress) {
        for (var application : untrained) {
            progress.accept(application.service());
            try {
                train(application);
            } catch (IOException e) {
                throw new StartFailure("Cannot train the AOT caches: " + e.getMessage(), e);
            }
        }
    }

    private void train(Application application) throws IOException {
        var service = application.service();
        var unfinished = application.aotCache().resolveSibling("training-" + UUID.randomUUID() + ".aot");
        var options =
                PlatformOptions.training(home, service).withJvmArguments(service, "-XX:AOTCacheOutput=" + unfinished);
        try (var platform = Platform.start(options);
                var http = HttpClient.newHttpClient()) {
            var instance = platform.instances(service).getFirst();
            for (var path : service.warmUpPaths()) {
                request(http, instance, path);
            }
            instance.stop(TIMEOUT);
            if (!Files.exists(unfinished)) {
                throw new IOException(service.module() + " did not write its cache");
            }
            Files.move(unfinished, application.aotCache(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Ignores the response: the request loads the classes that handle it. */
    private static void request(HttpClient http, Instance instance, String path) {
        try {
            var request = HttpRequest.newBuilder(instance.uri().resolve(path))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            http.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            // The cache has fewer classes
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
