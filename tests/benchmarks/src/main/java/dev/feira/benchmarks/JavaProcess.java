package dev.feira.benchmarks;

import dev.feira.local.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a JVM runs, read from the process itself.
 *
 * @param flags its arguments before the jar
 * @param startUpCache whether an ahead-of-time cache was given to it and is mapped into it; without a word a JVM goes on
 *     without one that does not fit
 */
record JavaProcess(List<String> flags, boolean startUpCache) {

    private static final String CACHE = "-XX:AOTCache=";

    /** The JVMs of a platform by name, the launcher among them; empty on a system without {@code /proc}. */
    static Map<String, JavaProcess> of(RunState state) throws IOException {
        var all = new TreeMap<String, JavaProcess>();
        var parts = new ArrayList<>(state.parts());
        parts.add(state.launcher());
        for (var part : parts) {
            var commandLine = Path.of("/proc/" + part.pid() + "/cmdline");
            if (!part.name().equals("postgres") && Files.isReadable(commandLine)) {
                all.put(part.name(), of(commandLine, Path.of("/proc/" + part.pid() + "/maps")));
            }
        }
        return all;
    }

    private static JavaProcess of(Path commandLine, Path maps) throws IOException {
        var arguments = Arrays.stream(Files.readString(commandLine).split("\0"))
                .skip(1)
                .takeWhile(argument -> !argument.equals("-jar"))
                .toList();
        var cache = arguments.stream()
                .filter(argument -> argument.startsWith(CACHE))
                .map(argument -> argument.substring(CACHE.length()))
                .findFirst();
        var mapped = cache.isPresent() && Files.readString(maps).contains(cache.get());
        return new JavaProcess(
                arguments.stream()
                        .filter(argument -> !argument.startsWith(CACHE) && !argument.startsWith("-D"))
                        .toList(),
                mapped);
    }

    /** The flags that all of them have. */
    static List<String> common(Map<String, JavaProcess> processes) {
        var common = new LinkedHashSet<String>();
        processes.values().stream().findFirst().ifPresent(first -> common.addAll(first.flags));
        processes.values().forEach(process -> common.retainAll(process.flags));
        return List.copyOf(common);
    }

    /** The flags that not all of them have. */
    String own(List<String> common) {
        return flags.stream().filter(flag -> !common.contains(flag)).collect(Collectors.joining(" "));
    }
}
