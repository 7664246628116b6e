package dev.feira.benchmarks;

import dev.feira.local.PlatformOptions;
import dev.feira.local.StartFailure;
import dev.feira.local.client.ApiProblem;
import dev.feira.local.client.Unreachable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the built platform on this machine, prints tables and writes them to docs/benchmarks.md. */
@Command(
        name = "benchmarks",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Measures the built platform on this machine; load goes to this machine only.")
final class Benchmarks implements Callable<Integer> {

    /** What is measured, each independent of the others. */
    enum Subject {
        PLATFORM,
        DATABASE,
        SAFETY,
        OVERLOAD,
        OUTAGE,
        IMAGES
    }

    @Option(names = "--only", paramLabel = "SUBJECT", split = ",", description = "some of: ${COMPLETION-CANDIDATES}")
    private Set<Subject> only = EnumSet.allOf(Subject.class);

    @Option(names = "--starts", description = "starts of each kind")
    private int starts = 3;

    @Option(names = "--orders", description = "orders to place")
    private int orders = 1000;

    @Option(names = "--clients", description = "buyers and pgbench's connections at a time; readers are 8 at most")
    private int clients = 16;

    @Option(names = "--rounds", description = "rounds of everything that is compared in turns")
    private int rounds = 5;

    @Option(names = "--round-length", paramLabel = "SECONDS", description = "length of a round")
    private int roundLength = 5;

    @Option(names = "--port-offset", paramLabel = "N", description = "passed on to ./feira up")
    private int portOffset = 0;

    @Option(
            names = "--keep-caches",
            description = "keep the start-up caches of an earlier run; the first start is left out")
    private boolean keepCaches;

    @Option(names = "--write", paramLabel = "FILE", description = "where the tables go, under the project")
    private Path write = Path.of("docs/benchmarks.md");

    @Spec
    private @Nullable CommandSpec spec;

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT); // a table that is the same wherever it is made
        System.exit(new CommandLine(new Benchmarks())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, commandLine, _) -> {
                    commandLine.getErr().println(sentence(failure));
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments));
    }

    private static String sentence(Exception failure) {
        return switch (failure) {
            case MeasurementFailed _, StartFailure _, ApiProblem _, Unreachable _ ->
                "No figures: " + failure.getMessage();
            default -> {
                var trace = new java.io.StringWriter();
                failure.printStackTrace(new PrintWriter(trace));
                yield "No figures: " + trace;
            }
        };
    }

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        var began = System.nanoTime();
        var progress = new Progress(out());
        if (Machine.isBusy()) {
            progress.say("Others use this machine: the figures will not be Feira's alone.");
        }
        var machine = Machine.describe();
        var settings = new Settings(orders, clients, rounds, Duration.ofSeconds(roundLength));
        var project = PlatformOptions.findHome();
        var target = project.resolve("tests/benchmarks/target");
        var workspace = Workspace.prepare(project, target.resolve("workspace"), keepCaches, progress);
        var figures = new BenchmarkSuite(workspace, settings, progress);

        if (only.contains(Subject.PLATFORM)) {
            figures.platform(starts, !keepCaches, portOffset);
        }
        if (only.contains(Subject.DATABASE)) {
            figures.database(target.resolve("pgbench"));
        }
        if (only.contains(Subject.SAFETY)) {
            figures.safety();
        }
        if (only.contains(Subject.OVERLOAD)) {
            figures.overload();
        }
        if (only.contains(Subject.OUTAGE)) {
            figures.outage();
        }
        if (only.contains(Subject.IMAGES)) {
            figures.images(project);
        }

        var minutes = Math.round((System.nanoTime() - began) / 60e9);
        var report = figures.report(introduction(minutes), machine);
        var file = project.resolve(write);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, report.toMarkdown());
        progress.say(report.toTerminal());
        progress.say("Written to " + write + " after " + minutes + " min.");
        return CommandLine.ExitCode.OK;
    }

    private String introduction(long minutes) {
        var arguments = spec == null
                ? ""
                : spec.commandLine().getParseResult().originalArgs().stream()
                        .map(argument -> " " + argument)
                        .collect(Collectors.joining());
        return """
                Made by `java -jar tests/benchmarks/target/benchmarks-*.jar%s` on %s in %d min: one run, nothing left out and nothing
                repeated for a better figure. What has a † is of this machine and will be another on yours; ratios were
                measured side by side. How to run it: [benchmarks](../tests/benchmarks/README.md).
                """.formatted(arguments, LocalDate.now(), minutes);
    }

    private PrintWriter out() {
        return spec == null
                ? new PrintWriter(System.out, true)
                : spec.commandLine().getOut();
    }
}
