package dev.feira.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProcessesTests {

    @Test
    void returnsOutputOfSuccessfulCommand() throws IOException {
        assertThat(Processes.run(List.of("sh", "-c", "echo out; echo error >&2"), Duration.ofMinutes(1)))
                .isEqualTo("out\nerror\n");
    }

    @Test
    void throwsOutputOfFailedCommand() {
        assertThatThrownBy(
                        () -> Processes.run(List.of("sh", "-c", "echo no such thing; exit 3"), Duration.ofMinutes(1)))
                .isInstanceOf(IOException.class)
                .hasMessage("no such thing");
        assertThatThrownBy(() -> Processes.run(List.of("sh", "-c", "exit 3"), Duration.ofMinutes(1)))
                .hasMessage("sh ended with exit code 3");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void killsCommandAndItsChildrenAtTheTimeout() {
        var seconds = "98765";

        assertThatThrownBy(() -> Processes.run(
                        List.of("sh", "-c", "echo begun; sleep " + seconds + "; echo ended"), Duration.ofSeconds(1)))
                .isInstanceOf(IOException.class)
                .hasMessage("sh did not end within 1 s");

        // the kernel ends the processes some time after it has accepted the signal
        await().atMost(Duration.ofSeconds(30))
                .until(() -> ProcessHandle.allProcesses()
                        .noneMatch(process ->
                                process.info().commandLine().orElse("").contains("sleep " + seconds)));
    }
}
