package dev.feira.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Waits for processes and other conditions, always with a timeout. */
final class Processes {

    private Processes() {}

    /** Checks a condition every 50 ms; returns false when the timeout is over. */
    static boolean await(Duration timeout, BooleanSupplier condition) {
        var deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return condition.getAsBoolean();
            }
        }
        return true;
    }

    /** Sends SIGTERM, waits, and kills the remaining processes after the timeout. */
    static void end(List<ProcessHandle> processes, Duration timeout) {
        processes.forEach(ProcessHandle::destroy);
        if (!await(timeout, () -> processes.stream().noneMatch(ProcessHandle::isAlive))) {
            processes.forEach(ProcessHandle::destroyForcibly);
            await(Duration.ofSeconds(5), () -> processes.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    /** Finds the process with this id and start time; process ids are used again. */
    static Optional<ProcessHandle> find(long pid, Instant started) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(at -> Duration.between(started, at).abs().toMillis() < 2000)
                        .orElse(false));
    }

    /**
     * Runs a short command and returns its output.
     *
     * @throws IOException its exit code is not 0: the message is its output; or the timeout is over: it and its children
     *     are killed
     */
    static String run(List<String> command, Duration timeout) throws IOException {
        // A file, not a pipe: a child process that lives on, as PostgreSQL does, would keep a pipe open
        var output = Files.createTempFile("feira", ".out");
        try {
            var process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!await(timeout, () -> !process.isAlive())) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " did not end within " + timeout.toSeconds() + " s");
            }
            var text = Files.readString(output);
            if (process.exitValue() != 0) {
                var exit = command.getFirst() + " ended with exit code " + process.exitValue();
                throw new IOException(text.isBlank() ? exit : text.strip());
            }
            return text;
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** Removes a shutdown hook, unless this JVM already ends. */
    static void removeShutdownHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The shutdown runs the hook
        }
    }
}
