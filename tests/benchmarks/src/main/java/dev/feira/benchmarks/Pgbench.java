package dev.feira.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * PostgreSQL's own load program, of this machine or of a Docker image that is already here.
 *
 * @param command what starts it
 * @param version e.g. {@code pgbench (PostgreSQL) 18.0}
 * @param scripts the folder of the scripts as it sees it
 * @see <a href="https://www.postgresql.org/docs/18/pgbench.html">PostgreSQL, pgbench</a>
 */
record Pgbench(List<String> command, String version, String scripts) {

    private static final int ERROR_LINES = 8;
    private static final String IMAGE = "postgres:18";
    private static final Pattern RATE = Pattern.compile("(?m)^tps = ([\\d.]+) \\(without initial connection time\\)");
    private static final Pattern PROCESSED = Pattern.compile("(?m)^number of transactions actually processed: (\\d+)");
    private static final Pattern FAILED = Pattern.compile("(?m)^number of failed transactions: (\\d+)");

    /**
     * Looks in the PATH, in the usual folders, and for Docker's image {@value #IMAGE}; nothing is downloaded.
     *
     * @param folder where scripts will be
     */
    static Optional<Pgbench> find(Path folder) {
        var named = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(Path::of);
        return Stream.concat(named, folders("/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"))
                .map(place -> place.resolve("pgbench"))
                .filter(Files::isExecutable)
                .map(program -> of(List.of(program.toString()), folder.toString()))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> inDocker(folder));
    }

    private static Optional<Pgbench> inDocker(Path folder) {
        try {
            run(List.of("docker", "image", "inspect", IMAGE), "", Duration.ofSeconds(10));
        } catch (MeasurementFailed e) {
            return Optional.empty();
        }
        return of(
                List.of(
                        "docker",
                        "run",
                        "--rm",
                        "--network",
                        "host",
                        "--env",
                        "PGPASSWORD",
                        "--volume",
                        folder + ":/scripts:ro",
                        "--entrypoint",
                        "pgbench",
                        IMAGE),
                "/scripts");
    }

    private static Optional<Pgbench> of(List<String> command, String scripts) {
        try {
            var asked = new ArrayList<>(command);
            asked.add("--version");
            return Optional.of(
                    new Pgbench(command, run(asked, "", Duration.ofSeconds(30)).strip(), scripts));
        } catch (MeasurementFailed e) {
            return Optional.empty();
        }
    }

    /** The newest first. */
    private static Stream<Path> folders(String... parents) {
        return Arrays.stream(parents).map(Path::of).filter(Files::isDirectory).flatMap(parent -> {
            try (var versions = Files.list(parent)) {
                return versions
                        .sorted(Comparator.reverseOrder())
                        .map(version -> version.resolve("bin"))
                        .toList()
                        .stream();
            } catch (IOException e) {
                return Stream.empty();
            }
        });
    }

    /**
     * A database on this machine.
     *
     * @param name of it and of its role
     */
    record Database(int port, String name, String password) {}

    /**
     * What one run measured.
     *
     * @param scripts how often the script was run to its end
     * @param perSecond the same per second, connecting not counted
     */
    record Run(long scripts, double perSecond) {}

    /**
     * Runs a script for some time.
     *
     * @param script its name in the folder
     * @throws MeasurementFailed a statement failed
     */
    Run run(Database database, String script, int clients, Duration length) {
        var all = new ArrayList<>(command);
        all.addAll(List.of(
                "--no-vacuum",
                "--protocol=prepared",
                "--client=" + clients,
                "--jobs=" + Math.min(clients, Runtime.getRuntime().availableProcessors()),
                "--time=" + length.toSeconds(),
                "--file=" + scripts + "/" + script,
                "--host=127.0.0.1",
                "--port=" + database.port,
                "--username=" + database.name,
                database.name));
        var output = run(all, database.password, length.plusSeconds(60));
        var failed = FAILED.matcher(output);
        if (failed.find() && !failed.group(1).equals("0")) {
            throw new MeasurementFailed("pgbench: transactions failed:\n" + output);
        }
        return new Run(Long.parseLong(figure(PROCESSED, output)), Double.parseDouble(figure(RATE, output)));
    }

    private static String figure(Pattern pattern, String output) {
        var figure = pattern.matcher(output);
        if (!figure.find()) {
            throw new MeasurementFailed("pgbench did not say how fast it was:\n" + output);
        }
        return figure.group(1);
    }

    private static String run(List<String> command, String password, Duration atMost) {
        var program = String.join(" ", command);
        try {
            var output = Files.createTempFile("feira-pgbench", ".txt"); // a pipe could fill
            try {
                var builder =
                        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
                builder.environment().put("PGPASSWORD", password);
                var process = builder.start();
                process.getOutputStream().close();
                if (!process.waitFor(atMost.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new MeasurementFailed(program + " did not end within " + atMost.toSeconds() + " s.");
                }
                var text = Files.readString(output, StandardCharsets.UTF_8);
                if (process.exitValue() != 0) {
                    var causes = text.lines().limit(ERROR_LINES).collect(Collectors.joining("\n"));
                    throw new MeasurementFailed(program + " ended with code " + process.exitValue() + ":\n" + causes);
                }
                return text;
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new MeasurementFailed("Cannot run " + program + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MeasurementFailed(program + " was interrupted.", e);
        }
    }
}
