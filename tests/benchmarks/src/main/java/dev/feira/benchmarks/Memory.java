package dev.feira.benchmarks;

import dev.feira.local.RunState;
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
 * @param processes how many
 * @see <a href="https://www.kernel.org/doc/html/latest/filesystems/proc.html">the proc file system, smaps_rollup</a>
 */
record Memory(long rss, long pss, int processes) {

    private static final Memory NONE = new Memory(0, 0, 0);

    /** Whether this system tells. */
    static boolean isKnownHere() {
        return Files.isReadable(Path.of("/proc/self/smaps_rollup"));
    }

    /**
     * The memory of a platform by parts: PostgreSQL with its backends, each service, the launcher, and the guard that it
     * started.
     *
     * @throws MeasurementFailed a part has ended, or its memory may not be read: a sum without it would be wrong
     */
    static Map<String, Memory> of(RunState state) {
        var owners = new LinkedHashMap<Long, String>();
        for (var part : state.parts()) {
            claim(owners, part, part.name());
        }
        var launcher = state.launcher().process().orElseThrow(() -> ended("launcher"));
        owners.put(launcher.pid(), "launcher");
        launcher.descendants().forEach(process -> owners.putIfAbsent(process.pid(), "guard"));

        var all = new LinkedHashMap<String, Memory>();
        owners.forEach((pid, name) -> all.merge(name, of(pid), Memory::plus));
        all.forEach((name, memory) -> {
            if (memory.processes == 0) {
                throw ended(name);
            }
        });
        return all;
    }

    static Memory sum(Map<String, Memory> parts) {
        return parts.values().stream().reduce(NONE, Memory::plus);
    }

    private static void claim(Map<Long, String> owners, RunState.Part part, String name) {
        var process = part.process().orElseThrow(() -> ended(name));
        owners.put(process.pid(), name);
        process.descendants().forEach(child -> owners.put(child.pid(), name));
    }

    private static MeasurementFailed ended(String name) {
        return new MeasurementFailed(name + " has ended while its memory was measured.");
    }

    /** The memory of one process; nothing where it has ended by now. */
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
            if (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
                throw new MeasurementFailed("The memory of process " + pid + " may not be read: " + e.getMessage(), e);
            }
            return NONE;
        }
        return new Memory(rss, pss, 1);
    }

    Memory plus(Memory other) {
        return new Memory(rss + other.rss, pss + other.pss, processes + other.processes);
    }

    long rssMegabytes() {
        return Math.round(rss / 1024.0);
    }

    long pssMegabytes() {
        return Math.round(pss / 1024.0);
    }

    private static long kilobytes(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }
}
