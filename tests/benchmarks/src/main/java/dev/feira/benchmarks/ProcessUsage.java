package dev.feira.benchmarks;

import dev.feira.local.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * CPU time and memory of processes, from {@code /proc}. Linux only.
 *
 * @param cpu user and system time since the start, ms in steps of 10, with the children that were waited for
 * @param rss resident set size, kB: a page shared by processes counts in each
 * @param pss proportional set size, kB: a page shared by n processes counts 1/n in each, so it can be added
 * @param processes how many
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 * @see <a href="https://www.kernel.org/doc/html/latest/filesystems/proc.html">the proc file system, smaps_rollup</a>
 */
record ProcessUsage(long cpu, long rss, long pss, int processes) {

    private static final ProcessUsage NONE = new ProcessUsage(0, 0, 0, 0);

    /** Milliseconds of a clock tick: {@code USER_HZ} is 100 on every architecture of Linux. */
    private static final long TICK = 10;

    /**
     * Returns the usage of each part of a platform: PostgreSQL with its backends, each service, the launcher, and the
     * guard that the launcher starts.
     *
     * @throws MeasurementFailed a part has ended, or cannot be read: a sum without it would be wrong
     */
    static Map<String, ProcessUsage> of(RunState state) {
        var owners = new LinkedHashMap<Long, String>();
        for (var part : state.parts()) {
            var process = part.process().orElseThrow(() -> ended(part.name()));
            owners.put(process.pid(), part.name());
            process.descendants().forEach(child -> owners.put(child.pid(), part.name()));
        }
        var launcher = state.launcher().process().orElseThrow(() -> ended("launcher"));
        owners.put(launcher.pid(), "launcher");
        launcher.descendants().forEach(process -> owners.putIfAbsent(process.pid(), "guard"));

        var all = new LinkedHashMap<String, ProcessUsage>();
        owners.forEach((pid, name) -> all.merge(name, of(pid), ProcessUsage::plus));
        all.forEach((name, usage) -> {
            if (usage.processes == 0) {
                throw ended(name);
            }
        });
        return all;
    }

    static ProcessUsage sum(Map<String, ProcessUsage> parts) {
        return parts.values().stream().reduce(NONE, ProcessUsage::plus);
    }

    private static MeasurementFailed ended(String name) {
        return new MeasurementFailed(name + " has ended during the measurement.");
    }

    /** Returns nothing for a process that has just ended; the CPU time of its parent includes it then. */
    private static ProcessUsage of(long pid) {
        var folder = Path.of("/proc/" + pid);
        try {
            var memory = Files.readString(folder.resolve("smaps_rollup"));
            var cpu = milliseconds(Files.readString(folder.resolve("stat")));
            return new ProcessUsage(cpu, kilobytes(memory, "Rss:"), kilobytes(memory, "Pss:"), 1);
        } catch (IOException e) {
            if (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
                throw new MeasurementFailed("Process " + pid + " cannot be read: " + e.getMessage(), e);
            }
            return NONE;
        }
    }

    /** Sums utime, stime, cutime and cstime, the fields 14 to 17; the name in field 2 may have spaces. */
    static long milliseconds(String stat) {
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        var ticks = 0L;
        for (var field = 14; field <= 17; field++) {
            ticks += Long.parseLong(fields[field - 3]);
        }
        return ticks * TICK;
    }

    private static long kilobytes(String memory, String name) {
        return memory.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    ProcessUsage plus(ProcessUsage other) {
        return new ProcessUsage(cpu + other.cpu, rss + other.rss, pss + other.pss, processes + other.processes);
    }
}
