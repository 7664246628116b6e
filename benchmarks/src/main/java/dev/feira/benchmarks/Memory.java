package dev.feira.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Resident and proportional memory of processes.
 *
 * @param rss resident set size, kB: pages shared with other processes count in each
 * @param pss proportional set size, kB: a page shared by n processes counts 1/n in each, so sums are true
 * @see <a href="https://www.kernel.org/doc/html/latest/filesystems/proc.html">the proc file system, smaps_rollup</a>
 */
record Memory(long rss, long pss) {

    /** Returns the memory of {@code pid}, or nothing where it ended or the system has no smaps_rollup. */
    static Memory of(long pid) {
        long rss = 0;
        long pss = 0;
        try {
            for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
                if (line.startsWith("Rss:")) {
                    rss = kilobytes(line);
                } else if (line.startsWith("Pss:")) {
                    pss = kilobytes(line);
                }
            }
        } catch (IOException e) {
            return new Memory(0, 0); // it ended between the listing and the reading
        }
        return new Memory(rss, pss);
    }

    Memory plus(Memory other) {
        return new Memory(rss + other.rss, pss + other.pss);
    }

    /** Returns the memory below {@code root} by a name that a person knows: the service, or PostgreSQL. */
    static Map<String, Memory> below(ProcessHandle root) {
        var all = new LinkedHashMap<String, Memory>();
        root.descendants().forEach(process -> all.merge(name(process), of(process.pid()), Memory::plus));
        return all;
    }

    private static String name(ProcessHandle process) {
        try {
            var command = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .replace('\0', ' ');
            for (var service : dev.feira.local.Service.values()) {
                if (command.contains(service.module())) {
                    return service.module();
                }
            }
            return command.contains("postgres") ? "postgresql" : "launcher";
        } catch (IOException e) {
            return "ended";
        }
    }

    @Override
    public String toString() {
        return "%d MiB (PSS %d)".formatted(rss / 1024, pss / 1024);
    }

    private static long kilobytes(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }
}
