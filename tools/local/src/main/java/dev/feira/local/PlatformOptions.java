package dev.feira.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Immutable options of a platform; each {@code with…} method returns a changed copy. */
public final class PlatformOptions implements Cloneable {

    /** Ten times the time on an idle machine, because CPU contention is no failure. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);

    Path home = findHome();
    /** Null for a temporary folder, which is deleted with the platform. */
    @Nullable Path data;
    /** Null for free ports. */
    @Nullable Integer portOffset;

    boolean fresh;
    boolean restartEnded;
    boolean training;
    Duration startTimeout = START_TIMEOUT;
    StartObserver observer = StartObserver.NONE;
    private Map<Service, Integer> replicas = Map.of();
    private Map<Service, List<String>> arguments = Map.of();
    private Map<Service, List<String>> jvmArguments = Map.of();
    private Map<Service, Map<String, String>> environment = Map.of();

    private PlatformOptions() {}

    /** Options of a platform for tests: free ports, random secrets, and data that is deleted on close. */
    public static PlatformOptions temporary() {
        return new PlatformOptions();
    }

    /** Options of {@code ./feira up}: the default ports, data in {@code .feira}, ended services are restarted. */
    public static PlatformOptions kept() {
        var options = new PlatformOptions();
        return options.withData(options.home.resolve(".feira"))
                .withPortOffset(0)
                .withRestartEnded(true);
    }

    /** Options of a temporary platform that runs one service with low priority. */
    static PlatformOptions training(Path home, Service trained) {
        var options = temporary().withHome(home);
        options.training = true;
        for (var service : Service.values()) {
            options.replicas = put(options.replicas, service, service == trained ? 1 : 0);
        }
        return options;
    }

    /** Sets the project folder, which holds the built jars. */
    public PlatformOptions withHome(Path folder) {
        return with(copy -> copy.home = folder);
    }

    /** Sets the folder of PostgreSQL's data, the logs and the run state. */
    public PlatformOptions withData(Path folder) {
        return with(copy -> copy.data = folder);
    }

    /** Adds this to every port of {@link Service}; null for free ports. */
    public PlatformOptions withPortOffset(@Nullable Integer offset) {
        return with(copy -> copy.portOffset = offset);
    }

    /**
     * Sets the number of processes of a service, 1 by default.
     *
     * @throws IllegalArgumentException it is not between 1 and 9
     */
    public PlatformOptions withReplicas(Service service, int count) {
        if (count < 1 || count > 9) {
            throw new IllegalArgumentException(service.module() + " can have 1 to 9 replicas, not " + count + ".");
        }
        return with(copy -> copy.replicas = put(replicas, service, count));
    }

    /** Adds command-line arguments for all replicas, e.g. {@code --logging.level.dev.feira=DEBUG}. */
    public PlatformOptions withArguments(Service service, String... more) {
        return with(copy -> copy.arguments = put(arguments, service, concat(arguments(service), more)));
    }

    /** Adds JVM arguments for all replicas, e.g. {@code -Xmx512m}; the last of two contradicting ones applies. */
    public PlatformOptions withJvmArguments(Service service, String... more) {
        return with(copy -> copy.jvmArguments = put(jvmArguments, service, concat(jvmArguments(service), more)));
    }

    /** Sets an environment variable for all replicas, e.g. {@code FEIRA_CATALOG_URL} to insert a proxy. */
    public PlatformOptions withEnvironment(Service service, String name, String value) {
        var variables = new HashMap<>(environment(service));
        variables.put(name, value);
        return with(copy -> copy.environment = put(environment, service, Map.copyOf(variables)));
    }

    /** Whether to delete PostgreSQL's data before the start. */
    public PlatformOptions withFresh(boolean enabled) {
        return with(copy -> copy.fresh = enabled);
    }

    /** Whether to restart a service whose process ends by itself, after 1 s, 2 s, … at most 30 s. */
    public PlatformOptions withRestartEnded(boolean enabled) {
        return with(copy -> copy.restartEnded = enabled);
    }

    /** Sets the timeout from the first process until all are healthy. */
    public PlatformOptions withStartTimeout(Duration timeout) {
        return with(copy -> copy.startTimeout = timeout);
    }

    public PlatformOptions withObserver(StartObserver startObserver) {
        return with(copy -> copy.observer = startObserver);
    }

    public Path home() {
        return home;
    }

    int replicas(Service service) {
        return replicas.getOrDefault(service, 1);
    }

    List<String> arguments(Service service) {
        return arguments.getOrDefault(service, List.of());
    }

    List<String> jvmArguments(Service service) {
        return jvmArguments.getOrDefault(service, List.of());
    }

    Map<String, String> environment(Service service) {
        return environment.getOrDefault(service, Map.of());
    }

    /**
     * Returns the project folder: the system property {@code feira.home}, else the nearest folder above the working
     * directory that holds {@code gateway-service} and a {@code pom.xml}.
     *
     * @throws StartFailure there is no such folder
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
        throw new StartFailure("This is not Feira's folder. Change to it, or set -Dfeira.home.");
    }

    private PlatformOptions with(Consumer<PlatformOptions> change) {
        try {
            var copy = (PlatformOptions) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    private static <V> Map<Service, V> put(Map<Service, V> map, Service service, V value) {
        var copy = new EnumMap<Service, V>(Service.class);
        copy.putAll(map);
        copy.put(service, value);
        return copy;
    }

    private static List<String> concat(List<String> first, String... second) {
        var all = new ArrayList<>(first);
        all.addAll(List.of(second));
        return List.copyOf(all);
    }
}
