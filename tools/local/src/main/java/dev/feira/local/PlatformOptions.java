package dev.feira.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a platform is to be started; each {@code with…} gives a changed copy.
 *
 * @param home the project's folder, where the built jars are
 * @param data where PostgreSQL, the logs and the list of processes are kept; null: a temporary folder that goes with
 *     the platform, with secrets of its own
 * @param portOffset added to every port of {@link Service}; null: free ports
 * @param replicas how many processes of each service, 1 to 9; 1 where not named
 * @param arguments more command-line arguments for all replicas of a service, e.g. {@code --logging.level.dev.feira=DEBUG}
 * @param jvmArguments more JVM arguments for all replicas of a service, after the platform's own
 * @param environment more environment variables for all replicas of a service
 * @param fresh delete PostgreSQL's data first
 * @param restartEnded start a service again when its process ends by itself, after 1 s, 2 s, … at most 30 s
 * @param aotCache use ahead-of-time caches where they exist
 * @param startTimeout from the first process to all healthy
 * @param observer follows the start and the stop
 */
public record PlatformOptions(
        Path home,
        @Nullable Path data,
        @Nullable Integer portOffset,
        Map<Service, Integer> replicas,
        Map<Service, List<String>> arguments,
        Map<Service, List<String>> jvmArguments,
        Map<Service, Map<String, String>> environment,
        boolean fresh,
        boolean restartEnded,
        boolean aotCache,
        Duration startTimeout,
        StartObserver observer) {

    /** Ten times what it takes on a quiet machine: a busy one is no failure. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);

    /** A platform on free ports whose data goes when it is closed: for tests. */
    public static PlatformOptions temporary() {
        return new PlatformOptions(
                findHome(),
                null,
                null,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                false,
                false,
                true,
                START_TIMEOUT,
                StartObserver.NONE);
    }

    /** The platform of {@code ./feira up}: the well-known ports, data kept in {@code .feira}. */
    public static PlatformOptions kept() {
        var home = findHome();
        return new PlatformOptions(
                home,
                home.resolve(".feira"),
                0,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                false,
                true,
                true,
                START_TIMEOUT,
                StartObserver.NONE);
    }

    public PlatformOptions withHome(Path newHome) {
        return new PlatformOptions(
                newHome,
                data,
                portOffset,
                replicas,
                arguments,
                jvmArguments,
                environment,
                fresh,
                restartEnded,
                aotCache,
                startTimeout,
                observer);
    }

    public PlatformOptions withData(Path folder) {
        return new PlatformOptions(
                home,
                folder,
                portOffset,
                replicas,
                arguments,
                jvmArguments,
                environment,
                fresh,
                restartEnded,
                aotCache,
                startTimeout,
                observer);
    }

    /** The ports of {@link Service} plus this; null: free ports. */
    public PlatformOptions withPortOffset(@Nullable Integer offset) {
        return new PlatformOptions(
                home,
                data,
                offset,
                replicas,
                arguments,
                jvmArguments,
                environment,
                fresh,
                restartEnded,
                aotCache,
                startTimeout,
                observer);
    }

    public PlatformOptions withReplicas(Service service, int count) {
        if (count < 1 || count > 9) {
            throw new IllegalArgumentException(service.module() + " can have 1 to 9 replicas, not " + count);
        }
        return new PlatformOptions(
                home,
                data,
                portOffset,
                put(replicas, service, count),
                arguments,
                jvmArguments,
                environment,
                fresh,
                restartEnded,
                aotCache,
                startTimeout,
                observer);
    }

    /** Adds command-line arguments, e.g. {@code --logging.level.dev.feira=DEBUG}. */
    public PlatformOptions withArguments(Service service, String... more) {
        return new PlatformOptions(
                home,
                data,
                portOffset,
                replicas,
                put(arguments, service, joined(arguments, service, more)),
                jvmArguments,
                environment,
                fresh,
                restartEnded,
                aotCache,
                startTimeout,
                observer);
    }

    /** Adds JVM arguments, e.g. {@code -Xmx512m}; the last of two that contradict each other wins. */
    public PlatformOptions withJvmArguments(Service service, String... more) {
        return new PlatformOptions(
                home,
                data,
                portOffset,
                replicas,
                arguments,
                put(jvmArguments, service, joined(jvmArguments, service, more)),
                environment,
                fresh,
                restartEnded,
                aotCache,
                startTimeout,
                observer);
    }

    /** Sets an environment variable, e.g. another {@code FEIRA_CATALOG_URL} to put a proxy between two services. */
    public PlatformOptions withEnvironment(Service service, String name, String value) {
        var variables = new HashMap<>(environment.getOrDefault(service, Map.of()));
        variables.put(name, value);
        return new PlatformOptions(
                home,
                data,
                portOffset,
                replicas,
                arguments,
                jvmArguments,
                put(environment, service, Map.copyOf(variables)),
                fresh,
                restartEnded,
                aotCache,
                startTimeout,
                observer);
    }

    public PlatformOptions withFresh(boolean newFresh) {
        return new PlatformOptions(
                home,
                data,
                portOffset,
                replicas,
                arguments,
                jvmArguments,
                environment,
                newFresh,
                restartEnded,
                aotCache,
                startTimeout,
                observer);
    }

    public PlatformOptions withRestartEnded(boolean restart) {
        return new PlatformOptions(
                home,
                data,
                portOffset,
                replicas,
                arguments,
                jvmArguments,
                environment,
                fresh,
                restart,
                aotCache,
                startTimeout,
                observer);
    }

    public PlatformOptions withAotCache(boolean use) {
        return new PlatformOptions(
                home,
                data,
                portOffset,
                replicas,
                arguments,
                jvmArguments,
                environment,
                fresh,
                restartEnded,
                use,
                startTimeout,
                observer);
    }

    public PlatformOptions withStartTimeout(Duration timeout) {
        return new PlatformOptions(
                home,
                data,
                portOffset,
                replicas,
                arguments,
                jvmArguments,
                environment,
                fresh,
                restartEnded,
                aotCache,
                timeout,
                observer);
    }

    public PlatformOptions withObserver(StartObserver newObserver) {
        return new PlatformOptions(
                home,
                data,
                portOffset,
                replicas,
                arguments,
                jvmArguments,
                environment,
                fresh,
                restartEnded,
                aotCache,
                startTimeout,
                newObserver);
    }

    int replicas(Service service) {
        return replicas.getOrDefault(service, 1);
    }

    /**
     * The project's folder: the system property {@code feira.home}, else the nearest folder above the working directory
     * that holds {@code gateway-service} and a {@code pom.xml}.
     */
    public static Path findHome() {
        var named = System.getProperty("feira.home");
        if (named != null) {
            return Path.of(named).toAbsolutePath().normalize();
        }
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(Service.GATEWAY.module()))
                    && Files.exists(folder.resolve("pom.xml"))) {
                return folder;
            }
        }
        throw new StartFailure("This is not inside Feira's folder: go there, or set -Dfeira.home.");
    }

    private static <V> Map<Service, V> put(Map<Service, V> map, Service service, V value) {
        var copy = new EnumMap<Service, V>(Service.class);
        copy.putAll(map);
        copy.put(service, value);
        return copy;
    }

    private static List<String> joined(Map<Service, List<String>> map, Service service, String... more) {
        var all = new ArrayList<>(map.getOrDefault(service, List.of()));
        all.addAll(List.of(more));
        return List.copyOf(all);
    }
}
