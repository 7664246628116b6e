package dev.feira.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Gives the platform one half of the processors and the load the other, for as long as it is open: on the same ones, the load
 * takes from the platform what is to be measured. Linux only ({@code taskset}); elsewhere they share all.
 */
final class Processors implements AutoCloseable {

    private final List<Integer> all;
    private final boolean parted;

    private Processors(List<Integer> all, boolean parted) {
        this.all = all;
        this.parted = parted;
    }

    /** To be called before the platform is started: what this process starts from now on runs on the platform's half. */
    static Processors part() {
        var all = allowed();
        var platforms = all.subList(0, all.size() / 2);
        return new Processors(all, !platforms.isEmpty() && put(platforms));
    }

    /** To be called once the platform runs: this process goes to the other half. */
    void leaveToPlatform() {
        if (parted && !put(all.subList(all.size() / 2, all.size()))) {
            throw new MeasurementFailed("The load cannot be kept from the processors of the platform.");
        }
    }

    /** The processors that this process may use; none where the system does not say. */
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

    /** E.g. {@code the platform on 1 of 2 processors, the load on the rest}. */
    String description() {
        var processors = parted
                ? "the platform on %d of %d processors, the load on the rest".formatted(all.size() / 2, all.size())
                : "platform and load on the same processors";
        return isGroupedBySession()
                ? processors
                        + "; Linux gives each process of PostgreSQL a group of its own (autogroup), in which it may wait for"
                        + " seconds: start this within a control group, tests/benchmarks/README.md has how"
                : processors;
    }

    /**
     * Whether Linux shares its processors between sessions instead of processes. Each process of PostgreSQL begins a session
     * of its own, and was seen to wait for four seconds on a processor that others kept busy, with a lock in its hand. Does not
     * apply within a control group, where a session of systemd and a container are.
     *
     * @see <a href="https://man7.org/linux/man-pages/man7/sched.7.html">sched(7), the autogroup feature</a>
     */
    private static boolean isGroupedBySession() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/sched_autogroup_enabled"))
                            .strip()
                            .equals("1")
                    && Files.readString(Path.of("/proc/self/cgroup"))
                            .lines()
                            .map(line -> line.split(":", 3))
                            .noneMatch(group -> sharesProcessors(group[1], group[2]));
        } catch (IOException e) {
            return false; // not Linux
        }
    }

    /** Whether the group is one below the root, to which processors are given as to a whole. */
    private static boolean sharesProcessors(String controllers, String path) {
        if (!controllers.isEmpty()) { // version 1
            return List.of(controllers.split(",")).contains("cpu") && !path.equals("/");
        }
        var folder = Path.of("/sys/fs/cgroup" + path);
        try {
            return Files.exists(folder.resolve("cgroup.type")) // the root of all has none; that of a container has
                    && List.of(Files.readString(folder.resolve("cgroup.controllers"))
                                    .strip()
                                    .split(" "))
                            .contains("cpu");
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean put(List<Integer> processors) {
        try {
            var list = processors.stream().map(String::valueOf).collect(Collectors.joining(","));
            var own = ProcessHandle.current().pid();
            return new ProcessBuilder("taskset", "-acp", list, String.valueOf(own))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no taskset here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        if (parted) {
            put(all);
        }
    }
}
