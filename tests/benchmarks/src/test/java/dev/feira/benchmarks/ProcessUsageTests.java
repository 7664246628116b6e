package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feira.local.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProcessUsageTests {

    /** Stands for a server with a backend: a shell that waits for a cat. */
    private Process server;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Files.isReadable(Path.of("/proc/self/smaps_rollup")), "smaps_rollup is Linux's");
        // The cat echoes the line once both run
        server = new ProcessBuilder("sh", "-c", "cat; exit").start();
        server.getOutputStream().write("ready\n".getBytes());
        server.getOutputStream().flush();
        server.inputReader().readLine();
    }

    @AfterEach
    void end() {
        if (server != null) {
            server.descendants().forEach(ProcessHandle::destroyForcibly);
            server.destroyForcibly();
        }
    }

    @Test
    void includesChildProcessesOfAPart() {
        var usage = ProcessUsage.of(state(part("postgres", server.toHandle())));

        assertThat(usage.get("postgres").processes()).isEqualTo(2);
        assertThat(usage.get("postgres").pss()).isPositive();
    }

    @Test
    void returnsTheCpuTimeOfThisProcess() {
        var usage = ProcessUsage.of(state());

        var own =
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
        assertThat(usage.get("launcher").cpu()).isBetween(1L, own + 10_000);
    }

    @Test
    void sumsTheTimesOfAProcessAndOfItsEndedChildren() {
        var stat = "42 (a name (x) 1) S 1 42 42 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 1 0 5 6 7";

        assertThat(ProcessUsage.milliseconds(stat)).isEqualTo(1270);
    }

    @Test
    void includesTheLauncherAndItsGuard() {
        var usage = ProcessUsage.of(state());

        assertThat(usage.get("launcher").rss()).isGreaterThan(10_000);
        assertThat(usage.get("guard").processes()).isGreaterThanOrEqualTo(2);
        assertThat(ProcessUsage.sum(usage).rss())
                .isEqualTo(usage.get("launcher").rss() + usage.get("guard").rss());
    }

    @Test
    void failsWhenAPartHasEnded() {
        var ended = part("catalog-service", server.toHandle());
        end();
        server.onExit().join();

        assertThatThrownBy(() -> ProcessUsage.of(state(ended)))
                .isInstanceOf(MeasurementFailed.class)
                .hasMessageContaining("catalog-service has ended");
    }

    private static RunState state(RunState.Part... parts) {
        return new RunState(part("launcher", ProcessHandle.current()), "http://localhost:8080", List.of(parts));
    }

    private static RunState.Part part(String name, ProcessHandle process) {
        return new RunState.Part(
                name, process.pid(), process.info().startInstant().orElseThrow(), 0, 0, "");
    }
}
