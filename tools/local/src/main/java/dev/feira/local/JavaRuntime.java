package dev.feira.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The JDK of this process, which also runs the services, with arguments for a fast start and little memory. The
 * {@code feira} script and Maven's toolchain find a JDK 25.
 */
final class JavaRuntime {

    /**
     * Chosen by measurement on two cores with JDK 25: see the table in README.md. Images have other arguments. An AOT cache
     * works only with the arguments of its training.
     */
    private static final List<String> ARGUMENTS = List.of(
            // Small heaps: the collector without helper threads needs the least memory and starts fastest
            "-XX:+UseSerialGC",
            // C1 only: half the CPU time until healthy, a fifth less memory. Benchmarks append -XX:TieredStopAtLevel=4.
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseCompactObjectHeaders",
            "-Xss512k",
            "-XX:ReservedCodeCacheSize=80m",
            // A service that is out of memory ends, so that it is restarted
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

    /** Returns the arguments for one service, with its measured heap size. */
    List<String> arguments(Service service) {
        var all = new ArrayList<>(ARGUMENTS);
        // 25 to 41 MiB of live data, and room for the connections that ConnectionLimit allows
        all.add("-Xmx"
                + switch (service) {
                    case GATEWAY, ORDER -> "160m";
                    case CATALOG -> "128m";
                    case USER -> "112m";
                    case NOTIFICATION, PAYMENT_SIMULATOR -> "72m";
                });
        // The JVM touches the whole young generation, so a small one saves memory for a few more collections
        all.add("-Xmn16m");
        return all;
    }
}
