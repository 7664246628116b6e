package dev.feira.benchmarks;

import dev.feira.local.RunState;
import dev.feira.local.Secrets;
import dev.feira.local.Service;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder that runs the built jars of a checkout with data, logs and start-up caches of its own. {@code feira} is
 * copied, because the script finds its home by its own path; the rest of the checkout is linked. Nothing is written
 * into the checkout.
 *
 * @param folder where {@code feira} is
 */
record Workspace(Path folder) {

    /** Not needed to run it; the workspace itself may be below {@code tests}. */
    private static final Set<String> NOT_LINKED = Set.of("feira", "tests", "docs");

    /**
     * Builds what changed in this project by {@code ./feira build}, and links it.
     *
     * @param keepCaches whether unpacked jars and start-up caches of an earlier run are kept
     */
    static Workspace build(Path project, Path folder, boolean keepCaches, Progress progress)
            throws IOException, InterruptedException {
        new Workspace(project).run(progress, "build");
        return link(project, folder, keepCaches, progress);
    }

    /**
     * Links a checkout, of this layout or an earlier one.
     *
     * @throws MeasurementFailed Feira runs there, or it is not built
     */
    static Workspace link(Path checkout, Path folder, boolean keepCaches, Progress progress)
            throws IOException, InterruptedException {
        if (RunState.read(checkout.resolve(".feira"))
                .flatMap(state -> state.launcher().process())
                .isPresent()) {
            throw new MeasurementFailed(
                    "Feira runs in %s: stop it with ./feira down, or both are measured.".formatted(checkout));
        }
        for (var service : Service.values()) {
            requireJar(checkout.resolve(service.module()).resolve("target"), service.module());
        }
        var workspace = new Workspace(folder);
        if (RunState.read(workspace.data()).isPresent()) {
            workspace.run(progress, "down"); // an earlier run was killed
        }
        delete(folder, keepCaches ? workspace.data().resolve("cache") : null);
        Files.createDirectories(workspace.data().resolve("logs"));
        try (var entries = Files.list(checkout)) {
            for (var entry : entries.toList()) {
                var name = entry.getFileName().toString();
                if (!name.startsWith(".") && !NOT_LINKED.contains(name)) {
                    Files.createSymbolicLink(folder.resolve(name), entry.toAbsolutePath());
                }
            }
        }
        Files.copy(checkout.resolve("feira"), folder.resolve("feira"), StandardCopyOption.COPY_ATTRIBUTES);
        // The script compares the sources with the time of this file: nothing is built here
        Files.createFile(workspace.data().resolve("built"));
        return workspace;
    }

    private static void requireJar(Path target, String module) throws IOException {
        try (var files = Files.isDirectory(target) ? Files.list(target) : Stream.<Path>empty()) {
            if (files.noneMatch(file -> file.getFileName().toString().matches(module + "-.*\\.jar"))) {
                throw new MeasurementFailed("%s has no jar: run ./feira build there.".formatted(target));
            }
        }
    }

    Path data() {
        return folder.resolve(".feira");
    }

    Secrets secrets() {
        return Secrets.ofEmbedded(folder);
    }

    /** Returns a process that runs the script with these arguments. */
    ProcessBuilder script(String... arguments) {
        var command = new ArrayList<>(List.of(folder.resolve("feira").toString()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    }

    /**
     * Runs the script to its end and prints its output.
     *
     * @throws MeasurementFailed its exit code is not 0
     */
    void run(Progress progress, String... arguments) throws IOException, InterruptedException {
        var name = "./feira " + String.join(" ", arguments);
        try (var _ = progress.begin(name)) {
            var process = script(arguments).start();
            try (var lines = new BufferedReader(process.inputReader())) {
                lines.lines().filter(line -> !line.isBlank()).forEach(line -> progress.say("    " + line));
            }
            if (process.waitFor() != 0) {
                throw new MeasurementFailed(name + " ended with code " + process.exitValue() + "; see its output.");
            }
        }
    }

    private static void delete(Path folder, @Nullable Path keep) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var paths = Files.walk(folder)) { // does not follow links
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                if (keep == null || !(path.startsWith(keep) || keep.startsWith(path))) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
