package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feira.local.RunState;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryTests {

    /** A server with a backend: a shell, and a cat that it waits for. */
    private Process server;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Memory.isKnownHere(), "smaps_rollup is Linux's");
        // The cat echoes as soon as it runs, so the line says that both are there
        server = new ProcessBuilder("sh", "-c", "cat; exit").start();
        server.getOutputStream().write("there\n".getBytes());
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
        var memory = Memory.of(state(part("postgres", server.toHandle())));

        assertThat(memory.get("postgres").processes()).isEqualTo(2);
        assertThat(memory.get("postgres").pss()).isPositive();
    }

    @Test
    void includesTheLauncherAndItsGuard() {
        var memory = Memory.of(state());

        assertThat(memory.get("launcher").rss()).isGreaterThan(10_000);
        assertThat(memory.get("guard").processes()).isGreaterThanOrEqualTo(2);
        assertThat(Memory.sum(memory).rss())
                .isEqualTo(memory.get("launcher").rss() + memory.get("guard").rss());
    }

    @Test
    void failsWhenAPartHasEnded() {
        var ended = part("catalog-service", server.toHandle());
        end();
        server.onExit().join();

        assertThatThrownBy(() -> Memory.of(state(ended)))
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
