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

/** Waiting for processes and other facts of the operating system, always with a deadline. */
final class Processes {

    private Processes() {}

    /** Looks every 50 ms whether it is so; false when it was not within the time. */
    static boolean await(Duration atMost, BooleanSupplier condition) {
        var deadline = System.nanoTime() + atMost.toNanos();
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

    /** Asks it to end, waits, and ends it by force when the time is over. */
    static void end(ProcessHandle process, Duration patience) {
        process.destroy();
        if (!await(patience, () -> !process.isAlive())) {
            process.destroyForcibly();
            await(Duration.ofSeconds(5), () -> !process.isAlive());
        }
    }

    /** The process that has this id now, if it is the one that started at this moment: ids are used again. */
    static Optional<ProcessHandle> find(long pid, Instant started) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(at -> Duration.between(started, at).abs().toMillis() < 2000)
                        .orElse(false));
    }

    /**
     * Runs a short command to its end and gives its output.
     *
     * @throws IOException its exit code is not 0, the message is what it said; or it has not ended in time, then it and
     *     what it started are ended by force
     */
    static String run(List<String> command, Duration atMost) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        // Read beside the waiting, not before it: the output of a command that hangs has no end
        var output = CompletableFuture.supplyAsync(
                () -> read(process), task -> Thread.ofVirtual().start(task));
        String said;
        try {
            said = output.thenCombine(process.onExit(), (text, _) -> text)
                    .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            endNow(process);
            throw new IOException(command.getFirst() + " did not end within " + atMost.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            endNow(process);
            Thread.currentThread().interrupt();
            throw new IOException(command.getFirst() + " was interrupted", e);
        } catch (ExecutionException e) {
            endNow(process);
            throw new IOException(command.getFirst() + " cannot be read: " + e.getCause(), e);
        }
        if (process.exitValue() != 0) {
            var silent = command.getFirst() + " ended with exit code " + process.exitValue();
            throw new IOException(said.isBlank() ? silent : said.strip());
        }
        return said;
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void endNow(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
