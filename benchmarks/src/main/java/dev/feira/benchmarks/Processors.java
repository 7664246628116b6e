package dev.feira.benchmarks;

import dev.feira.local.Instance;
import dev.feira.local.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    static Processors part(Platform platform) {
        var all = allowed();
        var platforms = all.subList(0, all.size() / 2);
        var loads = all.subList(all.size() / 2, all.size());
        if (platforms.isEmpty()) {
            return new Processors(all, false);
        }
        var processes = new ArrayList<Long>();
        platform.instances().stream().map(Instance::pid).forEach(processes::add);
        // PostgreSQL has a process for each connection
        ProcessHandle.of(platform.postgres().pid())
                .map(postgres -> Stream.concat(Stream.of(postgres), postgres.descendants()))
                .orElse(Stream.empty())
                .map(ProcessHandle::pid)
                .forEach(processes::add);
        var own = ProcessHandle.current().pid();
        var parted = processes.stream().allMatch(process -> put(process, platforms)) && put(own, loads);
        if (!parted) {
            processes.forEach(process -> put(process, all));
        }
        return new Processors(all, parted);
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
        return parted
                ? "the platform on %d of %d processors, the load on the rest".formatted(all.size() / 2, all.size())
                : "platform and load on the same processors";
    }

    private static boolean put(long process, List<Integer> processors) {
        try {
            var list = processors.stream().map(String::valueOf).collect(Collectors.joining(","));
            return new ProcessBuilder("taskset", "-acp", list, String.valueOf(process))
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
            put(ProcessHandle.current().pid(), all);
        }
    }
}
