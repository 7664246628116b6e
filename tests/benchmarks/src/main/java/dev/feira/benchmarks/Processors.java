package dev.feira.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Splits the processors until it is closed: one half for the platform, the other for the load, which would take CPU time
 * from the platform otherwise. Linux only ({@code taskset}); elsewhere both use all processors.
 */
final class Processors implements AutoCloseable {

    private final List<Integer> all;
    private final boolean isSplit;

    private Processors(List<Integer> all, boolean isSplit) {
        this.all = all;
        this.isSplit = isSplit;
    }

    /** Puts this process on the platform's half, which the processes that it starts inherit. */
    static Processors split() {
        var all = allowed();
        var first = all.subList(0, all.size() / 2);
        return new Processors(all, !first.isEmpty() && pin(first));
    }

    /** Moves this process to the other half, after the platform has started. */
    void leaveToPlatform() {
        if (isSplit && !pin(all.subList(all.size() / 2, all.size()))) {
            throw new MeasurementFailed("The load cannot be moved from the processors of the platform.");
        }
    }

    /** Describes the split, e.g. {@code the platform on 1 of 2 processors, the load on the others}. */
    String description() {
        var processors = isSplit
                ? "the platform on %d of %d processors, the load on the others".formatted(all.size() / 2, all.size())
                : "platform and load on the same processors";
        return isAutogrouped()
                ? processors
                        + "; autogroup gives each process of PostgreSQL a scheduling group of its own, in which it may"
                        + " wait for seconds: start this within a control group, see tests/benchmarks/README.md"
                : processors;
    }

    /** Returns the processors that this process may use; none where the system does not tell. */
    private static List<Integer> allowed() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .flatMap(line -> Arrays.stream(
                            line.substring(line.indexOf(':') + 1).strip().split(",")))
                    .map(range -> range.split("-"))
                    .flatMap(ends -> IntStream.rangeClosed(
                                    Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                            .boxed())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * Whether Linux schedules by session: each process of PostgreSQL is a session of its own, and waited up to four
     * seconds for a busy processor while it held a lock. It does not apply within a control group with the cpu
     * controller, as in a systemd scope or a container.
     *
     * @see <a href="https://man7.org/linux/man-pages/man7/sched.7.html">sched(7), the autogroup feature</a>
     */
    private static boolean isAutogrouped() {
        try {
            var group = Files.readString(Path.of("/proc/self/cgroup"))
                    .lines()
                    .filter(line -> line.startsWith("0::"))
                    .map(line -> Path.of("/sys/fs/cgroup" + line.substring(3)))
                    .findFirst();
            var isEnabled = Files.readString(Path.of("/proc/sys/kernel/sched_autogroup_enabled"));
            return isEnabled.strip().equals("1")
                    && !(group.isPresent()
                            && Files.exists(group.get().resolve("cgroup.type")) // the root group has none
                            && List.of(Files.readString(group.get().resolve("cgroup.controllers"))
                                            .strip()
                                            .split(" "))
                                    .contains("cpu"));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean pin(List<Integer> processors) {
        try {
            var list = processors.stream().map(String::valueOf).collect(Collectors.joining(","));
            var own = String.valueOf(ProcessHandle.current().pid());
            return new ProcessBuilder("taskset", "-acp", list, own)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no taskset
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        if (isSplit) {
            pin(all);
        }
    }
}
