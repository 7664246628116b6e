package dev.feira.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Describes the machine that the figures are from. */
final class Machine {

    private Machine() {}

    /** Returns a table of its properties. */
    static List<List<String>> describe() {
        var processor = line("/proc/cpuinfo", line -> line.startsWith("model name"));
        var kilobytes =
                line("/proc/meminfo", line -> line.startsWith("MemTotal")).replaceAll("\\D", "");
        return List.of(
                List.of("machine", ""),
                List.of(
                        "processor",
                        Runtime.getRuntime().availableProcessors() + " × "
                                + processor
                                        .substring(processor.indexOf(':') + 1)
                                        .strip()),
                List.of(
                        "memory",
                        kilobytes.isEmpty()
                                ? "unknown"
                                : String.format(Locale.ROOT, "%.1f GiB", Long.parseLong(kilobytes) / 1024.0 / 1024.0)),
                List.of("system", System.getProperty("os.name") + " " + System.getProperty("os.version")),
                List.of("JDK", System.getProperty("java.vendor") + " " + Runtime.version()),
                List.of("load before the first start", load() + " processes on average of one minute"));
    }

    /** Whether other processes use a quarter of it or more. */
    static boolean isBusy() {
        try {
            return Double.parseDouble(load()) > Runtime.getRuntime().availableProcessors() / 4.0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String load() {
        return line("/proc/loadavg", _ -> true).split(" ")[0];
    }

    /** Returns the first such line; empty on a system without the file. */
    private static String line(String file, Predicate<String> which) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(which).findFirst().orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
