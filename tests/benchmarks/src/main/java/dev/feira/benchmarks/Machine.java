package dev.feira.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Where the figures were measured. */
final class Machine {

    private Machine() {}

    /** Its properties in the order in which they are shown. */
    static Map<String, String> describe() throws IOException {
        var all = new LinkedHashMap<String, String>();
        all.put("processor", Runtime.getRuntime().availableProcessors() + " × " + model());
        all.put("memory", memory());
        all.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        all.put("JDK", System.getProperty("java.vendor") + " " + Runtime.version());
        all.put("load before the first start", "%s processes on average of one minute".formatted(load()));
        return all;
    }

    /** Whether others use a quarter of it or more: figures would not be the platform's. */
    static boolean isBusy() {
        try {
            return Double.parseDouble(load()) > Runtime.getRuntime().availableProcessors() / 4.0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String model() throws IOException {
        var information = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(information)) {
            return System.getProperty("os.arch");
        }
        try (var lines = Files.lines(information)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 2))
                    .orElse(System.getProperty("os.arch"));
        }
    }

    private static String memory() throws IOException {
        var information = Path.of("/proc/meminfo");
        if (!Files.isReadable(information)) {
            return "unknown";
        }
        try (var lines = Files.lines(information)) {
            var kilobytes = lines.findFirst().orElse("0").replaceAll("\\D", "");
            return String.format(Locale.ROOT, "%.1f GiB", Long.parseLong(kilobytes) / 1024.0 / 1024.0);
        }
    }

    private static String load() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        } catch (IOException e) {
            return "unknown";
        }
    }
}
