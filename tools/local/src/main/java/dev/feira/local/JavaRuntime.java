package dev.feira.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The Java that runs the services, with the arguments that make six JVMs start fast and stay small on one laptop. It is
 * the Java of this process: the {@code feira} script looks for a JDK 25, Maven's toolchain does the same for tests.
 */
final class JavaRuntime {

    /**
     * Measured on two cores with JDK 25 (README.md has the table). They are for a laptop: images have arguments of their
     * own. All of them must be the same when a cache is trained and when it is used.
     */
    private static final List<String> ARGUMENTS = List.of(
            // One small heap per process: a collector without helper threads is the smallest and the fastest to start
            "-XX:+UseSerialGC",
            // The first compiler only: half the processor time until healthy and a fifth less memory; a laptop starts a
            // platform far more often than it loads one. Benchmarks may give -XX:TieredStopAtLevel=4 after it.
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseCompactObjectHeaders",
            "-Xss512k",
            "-XX:ReservedCodeCacheSize=80m",
            // A service that is out of memory is of no use to anyone: end, so that it is seen and started again
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "-Dfile.encoding=UTF-8");

    private final Path home = Path.of(System.getProperty("java.home")).toAbsolutePath();

    Path program() {
        return home.resolve("bin/java");
    }

    /** E.g. {@code 25.0.3+9-LTS}. */
    String version() {
        return System.getProperty("java.vm.version");
    }

    /** The arguments for one service; its heap is measured, not guessed. */
    List<String> arguments(Service service) {
        var all = new ArrayList<>(ARGUMENTS);
        // Between 25 and 41 MiB live after a collection, and room for connections (ConnectionLimit): at order-service
        // and
        // the catalog for more than the gateway and the other services may have on their way to them
        all.add("-Xmx"
                + switch (service) {
                    case GATEWAY, ORDER -> "160m";
                    case CATALOG -> "128m";
                    case USER -> "112m";
                    case PAYMENT_SIMULATOR -> "72m";
                });
        // All of the young part is touched again and again, so its size is memory: more collections are the cheaper
        // side
        all.add("-Xmn16m");
        return all;
    }
}
