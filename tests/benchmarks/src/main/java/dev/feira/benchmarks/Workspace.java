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
import org.jspecify.annotations.Nullable;

/**
 * A folder from which the real {@code ./feira} runs the jars of this build on data, logs and start-up caches of its own:
 * the script is copied, as it finds its home by its own path, and the modules are links.
 *
 * @param folder where {@code feira} lies
 */
record Workspace(Path folder) {

    /**
     * Builds what changed, by {@code ./feira build}, and makes the folder anew.
     *
     * @param project where the sources are
     * @param folder what is deleted and made again
     * @param keepCaches whether unpacked jars and start-up caches of an earlier run may stay
     */
    static Workspace prepare(Path project, Path folder, boolean keepCaches, Progress progress)
            throws IOException, InterruptedException {
        if (RunState.read(project.resolve(".feira"))
                .flatMap(state -> state.launcher().process())
                .isPresent()) {
            throw new MeasurementFailed("Feira runs here: stop it (./feira down), or both are measured.");
        }
        var workspace = new Workspace(folder);
        if (RunState.read(workspace.data()).isPresent()) {
            workspace.run(progress, "down"); // an earlier run was killed
        }
        new Workspace(project).run(progress, "build");

        delete(folder, keepCaches ? workspace.data().resolve("cache") : null);
        Files.createDirectories(workspace.data().resolve("logs"));
        Files.createSymbolicLink(folder.resolve("pom.xml"), project.resolve("pom.xml"));
        var modules = new ArrayList<>(
                Arrays.stream(Service.values()).map(Service::module).toList());
        modules.addAll(List.of("libraries", "tools"));
        for (var module : modules) {
            Files.createSymbolicLink(folder.resolve(module), project.resolve(module));
        }
        Files.copy(project.resolve("feira"), folder.resolve("feira"), StandardCopyOption.COPY_ATTRIBUTES);
        // The script's own mark that all is built, which it is since a moment ago
        Files.createFile(workspace.data().resolve("built"));
        return workspace;
    }

    Path data() {
        return folder.resolve(".feira");
    }

    Secrets secrets() {
        return Secrets.ofEmbedded(folder);
    }

    /** The script with these arguments. */
    ProcessBuilder script(String... arguments) {
        var command = new ArrayList<>(List.of(folder.resolve("feira").toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    }

    /**
     * Runs the script to its end and shows what it prints.
     *
     * @throws MeasurementFailed it ended with another code than 0
     */
    void run(Progress progress, String... arguments) throws IOException, InterruptedException {
        var name = "./feira " + String.join(" ", arguments);
        try (var _ = progress.begin(name)) {
            var process = script(arguments).start();
            try (var lines = new BufferedReader(process.inputReader())) {
                lines.lines().filter(line -> !line.isBlank()).forEach(line -> progress.say("    " + line));
            }
            if (process.waitFor() != 0) {
                throw new MeasurementFailed(
                        name + " ended with code " + process.exitValue() + "; what it said is above.");
            }
        }
    }

    private static void delete(Path folder, @Nullable Path keep) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var paths = Files.walk(folder)) { // links are not followed
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                if (keep == null || !(path.startsWith(keep) || keep.startsWith(path))) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
