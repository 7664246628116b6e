package dev.feira.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /** Sends SIGTERM, waits, and kills the process after the timeout. */
    static void end(ProcessHandle process, Duration timeout) {
        process.destroy();
        if (!await(timeout, () -> !process.isAlive())) {
            process.destroyForcibly();
            await(Duration.ofSeconds(5), () -> !process.isAlive());
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
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        // Reads in another thread: the output of a hanging command has no end
        var output = CompletableFuture.supplyAsync(
                () -> read(process), task -> Thread.ofVirtual().start(task));
        String text;
        try {
            text = output.thenCombine(process.onExit(), (all, _) -> all).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            kill(process);
            throw new IOException(command.getFirst() + " did not end within " + timeout.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            kill(process);
            Thread.currentThread().interrupt();
            throw new IOException(command.getFirst() + " was interrupted", e);
        } catch (ExecutionException e) {
            kill(process);
            throw new IOException(command.getFirst() + " cannot be read: " + e.getCause(), e);
        }
        if (process.exitValue() != 0) {
            var exit = command.getFirst() + " ended with exit code " + process.exitValue();
            throw new IOException(text.isBlank() ? exit : text.strip());
        }
        return text;
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
