package dev.feira.benchmarks;

import dev.feira.local.Instance;
import dev.feira.local.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.stream.Stream;

/**
 * Gives the platform one half of the processors and the load the other, for as long as it is open: on the same ones, the load
 * takes from the platform what is to be measured. Linux only ({@code taskset}); elsewhere they share all.
 */
final class Processors implements AutoCloseable {

    private final boolean parted;

    private Processors(boolean parted) {
        this.parted = parted;
    }

    static Processors part(Platform platform) {
        var all = Runtime.getRuntime().availableProcessors();
        if (all < 2) {
            return new Processors(false);
        }
        var half = all / 2;
        var processes = new ArrayList<Long>();
        platform.instances().stream().map(Instance::pid).forEach(processes::add);
        // PostgreSQL has a process for each connection
        ProcessHandle.of(platform.postgres().pid())
                .map(postgres -> Stream.concat(Stream.of(postgres), postgres.descendants()))
                .orElse(Stream.empty())
                .map(ProcessHandle::pid)
                .forEach(processes::add);
        var parted = true;
        for (var process : processes) {
            parted &= put(process, 0, half - 1);
        }
        return new Processors(parted && put(ProcessHandle.current().pid(), half, all - 1));
    }

    /** E.g. {@code the platform on 1 of 2 processors, the load on the rest}. */
    String description() {
        var all = Runtime.getRuntime().availableProcessors();
        return parted
                ? "the platform on %d of %d processors, the load on the rest".formatted(all / 2, all)
                : "platform and load on the same processors";
    }

    private static boolean put(long process, int first, int last) {
        try {
            return new ProcessBuilder("taskset", "-acp", first + "-" + last, String.valueOf(process))
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
            put(ProcessHandle.current().pid(), 0, Runtime.getRuntime().availableProcessors() - 1);
        }
    }
}
