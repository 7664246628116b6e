package dev.feira.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.local.FakeProject;
import dev.feira.local.RunState;
import dev.feira.local.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the launcher as a separate process and stops it in several ways. */
class LauncherTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void project() throws IOException {
        FakeProject.create(home);
    }

    @AfterEach
    void endAll() throws InterruptedException {
        for (var process : started) {
            process.destroy();
            process.waitFor(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void stopsEverythingOnSigterm() throws Exception {
        var launcher = up("--no-training");
        var parts = awaitReady(launcher);

        launcher.destroy();

        assertThat(launcher.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(parts).allMatch(part -> part.process().isEmpty());
        assertThat(RunState.read(home.resolve(".feira"))).isEmpty();
    }

    /** Each file appears during another step of the start. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "run/platform.properties",
                "postgres.new/PG_VERSION",
                "postgres/postmaster.pid",
                "logs/gateway-service.log",
                "logs/user-service.log"
            })
    void leavesNoProcessWhenStoppedDuringStart(String file) throws Exception {
        var launcher = up("--no-training");
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> Files.exists(home.resolve(".feira").resolve(file)) || !launcher.isAlive());

        launcher.destroy();

        assertThat(launcher.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(leftover()).isEmpty();
        assertThat(RunState.read(home.resolve(".feira"))).isEmpty();
    }

    @Test
    void leavesNoProcessWhenStoppedDuringTraining() throws Exception {
        var launcher = up();
        await().atMost(TIMEOUT)
                .until(() -> output(launcher).contains("In the background: AOT caches") || !launcher.isAlive());

        launcher.destroy();

        assertThat(launcher.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(leftover()).isEmpty();
        assertThat(home).isDirectoryNotContaining("glob:**/feira-*");
    }

    @Test
    void stopsEveryProcessWhenKilled() throws Exception {
        var launcher = up("--no-training");
        var parts = awaitReady(launcher);
        assertThat(parts)
                .hasSize(Service.values().length + 1)
                .allMatch(part -> part.process().isPresent());

        launcher.destroyForcibly();

        await().atMost(TIMEOUT)
                .until(() -> parts.stream().allMatch(part -> part.process().isEmpty()));
    }

    @Test
    void stopsPlatformByDownInAnotherTerminal() throws Exception {
        var launcher = up("--no-training");
        var parts = awaitReady(launcher);

        assertThat(run("down")).isZero();

        assertThat(launcher.isAlive()).isFalse();
        assertThat(parts).allMatch(part -> part.process().isEmpty());
        assertThat(output(launcher)).contains("Feira is ready after", "gateway-service      healthy");
    }

    @Test
    void returns1FromStatusWhenNothingRuns() throws Exception {
        assertThat(run("status")).isEqualTo(1);
        assertThat(run("down")).isZero();
    }

    @Test
    void rejectsUnknownServiceInReplicasAndListsTheServices() throws Exception {
        assertThat(run("up", "--replicas", "shop-service=2")).isEqualTo(2);
        assertThat(output(started.getLast()))
                .contains("There is no service shop-service: choose from gateway-service,");
    }

    private List<RunState.Part> awaitReady(Process launcher) {
        await().atMost(TIMEOUT).until(() -> output(launcher).contains("Feira is ready") || !launcher.isAlive());
        assertThat(output(launcher)).contains("Feira is ready");
        return RunState.read(home.resolve(".feira")).orElseThrow().parts();
    }

    private Process up(String... more) throws IOException {
        var offset = ThreadLocalRandom.current().nextInt(12_000, 22_000);
        var arguments = new ArrayList<>(List.of("up", "--port-offset", String.valueOf(offset)));
        arguments.addAll(List.of(more));
        return start(arguments.toArray(String[]::new));
    }

    /** Returns the command lines of all processes that mention this test's folder. */
    private List<String> leftover() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(home.toString()))
                .toList();
    }

    private int run(String... arguments) throws Exception {
        var process = start(arguments);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Dfeira.home=" + home,
                "-Djava.io.tmpdir=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                Feira.class.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("output-" + started.size()).toFile())
                .start();
        started.add(process);
        return process;
    }

    private String output(Process process) {
        try {
            return Files.readString(home.resolve("output-" + started.indexOf(process)));
        } catch (IOException e) {
            return Optional.ofNullable(e.getMessage()).orElse("");
        }
    }
}
