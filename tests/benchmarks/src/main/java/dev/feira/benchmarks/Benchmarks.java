package dev.feira.benchmarks;

import dev.feira.benchmarks.BenchmarkSuite.Subject;
import dev.feira.local.PlatformOptions;
import dev.feira.local.StartFailure;
import dev.feira.local.client.ApiProblem;
import dev.feira.local.client.Unreachable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the built platform on this machine, prints tables and writes them to docs/benchmarks.md. */
@Command(
        name = "benchmarks",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Measures the built platform on this machine; load goes to this machine only.")
final class Benchmarks implements Callable<Integer> {

    @Option(names = "--only", paramLabel = "SUBJECT", split = ",", description = "some of: ${COMPLETION-CANDIDATES}")
    private Set<Subject> only = EnumSet.complementOf(EnumSet.of(Subject.COMPARE));

    @Option(names = "--orders", description = "orders of a round")
    private int orders = 1000;

    @Option(names = "--clients", description = "clients that order at a time")
    private int clients = 16;

    @Option(names = "--rounds", description = "rounds of each comparison")
    private int rounds = 5;

    @Option(names = "--round-length", paramLabel = "SECONDS", description = "length of a round")
    private int roundLength = 5;

    @Option(names = "--port-offset", paramLabel = "N", description = "passed to ./feira up")
    private int portOffset = 0;

    @Option(names = "--keep-caches", description = "keep the start-up caches of an earlier run")
    private boolean keepCaches;

    @Option(names = "--before", paramLabel = "FOLDER", description = "another built checkout, for compare")
    private @Nullable Path before;

    @Option(
            names = "--write",
            paramLabel = "FILE",
            description = "where the tables go, under the project; docs/benchmarks.md, or a dated file for compare")
    private @Nullable Path write;

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new Benchmarks())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, commandLine, _) -> switch (failure) {
                    case MeasurementFailed _, StartFailure _, ApiProblem _, Unreachable _ -> {
                        commandLine.getErr().println("No figures: " + failure.getMessage());
                        yield CommandLine.ExitCode.SOFTWARE;
                    }
                    default -> throw failure;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        if (only.contains(Subject.COMPARE) && before == null) {
            throw new MeasurementFailed("compare needs another built checkout: --before FOLDER.");
        }
        var began = System.nanoTime();
        var progress = new Progress(new PrintWriter(System.out, true));
        if (Machine.isBusy()) {
            progress.say("CPU contention: other processes use this machine, and the figures include them.");
        }
        var machine = new ArrayList<>(Machine.describe());
        var settings = new Settings(orders, clients, rounds, Duration.ofSeconds(roundLength));
        var project = PlatformOptions.findHome();
        var target = project.resolve("tests/benchmarks/target");
        var workspace = Workspace.build(project, target.resolve("workspace"), keepCaches, progress);
        var other = before == null ? null : Workspace.link(before, target.resolve("before"), keepCaches, progress);
        var report = new Report(progress);
        new BenchmarkSuite(new BenchmarkContext(workspace, settings, progress, report), portOffset).run(only, other);

        machine.add(List.of("commit", commit(project)));
        if (before != null) {
            machine.add(List.of("commit before", commit(before)));
        }
        var minutes = Math.round((System.nanoTime() - began) / 60e9);
        var file = file();
        var title = isComparison() ? "Before and after, " + LocalDate.now() : "Benchmarks";
        Files.createDirectories(project.resolve(file).toAbsolutePath().getParent());
        Files.writeString(project.resolve(file), report.toMarkdown(title, introduction(minutes), machine));
        progress.say("Written to " + file + " after " + minutes + " min.");
        return CommandLine.ExitCode.OK;
    }

    /** Returns the commit of a checkout; unknown without git. */
    private static String commit(Path checkout) throws InterruptedException {
        try {
            var git = new ProcessBuilder("git", "-C", checkout.toString(), "rev-parse", "--short", "HEAD").start();
            var commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 ? commit : "unknown";
        } catch (IOException e) {
            return "unknown";
        }
    }

    private boolean isComparison() {
        return only.equals(EnumSet.of(Subject.COMPARE));
    }

    private Path file() {
        if (write != null) {
            return write;
        }
        return isComparison()
                ? Path.of("docs/results/" + LocalDate.now() + "-before-and-after.md")
                : Path.of("docs/benchmarks.md");
    }

    private String introduction(long minutes) {
        var subjects = only.stream()
                .map(subject -> subject.name().toLowerCase(Locale.ROOT))
                .sorted();
        return """
            Made by the [benchmarks](%s) on %s in %d min, subjects %s: one run, complete and without repetition.
            † marks a figure that depends on the machine; ratios are measured side by side.
            """.formatted(
                        isComparison() ? "../../tests/benchmarks/README.md" : "../tests/benchmarks/README.md",
                        LocalDate.now(),
                        minutes,
                        subjects.collect(Collectors.joining(", ")));
    }
}
